import type { Logger } from '../ports/logger.js';
import { type SweepDeps, sweep } from './sweep.js';

/** A staged or unreferenced file younger than this may belong to work under way. */
const graceMs = 60 * 60 * 1000;
const stagingMaxAgeMs = 24 * 60 * 60 * 1000;
const intervalMs = 60 * 60 * 1000;
const firstSweepMs = 10_000;

/** Sweeps shortly after the start and every hour: what crashes left behind. */
export function startSweeper(deps: SweepDeps & { logger: Logger }): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = sweep(deps, { graceMs, stagingMaxAgeMs, signal: stopping.signal }).then(
      (counts) => deps.logger.info('swept', { ...counts }),
      (error: unknown) => {
        if (!stopping.signal.aborted) deps.logger.error('sweep failed', { error });
      },
    );
  };
  const first = setTimeout(run, firstSweepMs).unref();
  const timer = setInterval(run, intervalMs).unref();
  return {
    async stop() {
      clearTimeout(first);
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
