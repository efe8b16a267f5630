import type { Logger } from '../ports/logger.js';
import type { BoundDerived } from './bound-derived.js';
import { type SweepDeps, sweep } from './sweep.js';

/** A staged file belongs to an upload that may take long to arrive: so many times the grace of a finished file. */
const stagingGraces = 24;
const longestFirstWaitMs = 10_000;

export interface SweeperDeps extends SweepDeps {
  readonly logger: Logger;
  readonly boundDerived: Pick<BoundDerived, 'enforce'>;
  /** An unreferenced file younger than this may belong to work under way. */
  readonly graceMs: number;
  /** A chunked upload that has got no chunk for this long is given up. */
  readonly openUploadMaxAgeMs: number;
}

/** Sweeps shortly after the start and then once per grace: what crashes left behind. */
export function startSweeper({ graceMs, openUploadMaxAgeMs, boundDerived, ...deps }: SweeperDeps): {
  stop(): Promise<void>;
} {
  const stagingMaxAgeMs = stagingGraces * graceMs;
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  const run = () => {
    // One at a time: a large store may take longer than the pause.
    const { signal } = stopping;
    running ??= boundDerived
      .enforce({ signal })
      .then(() => sweep(deps, { graceMs, stagingMaxAgeMs, openUploadMaxAgeMs, signal }))
      .then(
        (counts) => deps.logger.info('swept', { ...counts }),
        (error: unknown) => {
          if (!stopping.signal.aborted) deps.logger.error('sweep failed', { error });
        },
      )
      .finally(() => {
        running = null;
      });
  };
  const first = setTimeout(run, Math.min(graceMs, longestFirstWaitMs)).unref();
  const timer = setInterval(run, graceMs).unref();
  return {
    async stop() {
      clearTimeout(first);
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
