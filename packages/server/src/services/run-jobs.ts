import { ApiError } from '@counterseal/protocol';
import type { Clock } from '../ports/clock.js';
import type { Job, JobQueue } from '../ports/job-queue.js';
import type { Logger } from '../ports/logger.js';

/** A job that is not answered within this time is given to somebody else. Longer than any render may take. */
const leaseMs = 5 * 60 * 1000;
/** How often an idle runner looks for jobs of other processes and for expired leases. */
const pollMs = 2000;
const maxAttempts = 5;
const firstRetryMs = 2000;

export type PerformJob = (job: Job, options: { signal: AbortSignal }) => Promise<void>;

export interface JobRunner {
  /** There may be work. Cheap; call it after every commit that added jobs. */
  wake(): void;
  /** Stops claiming, waits for the job in hand. */
  stop(): Promise<void>;
}

/**
 * Runs queued work one job at a time (renders have their own pool). At least once: every kind must be safe to repeat. A failure that a
 * retry cannot mend (any `ApiError` below 500) is kept as dead at once; others are retried with growing pauses. A stop gives the job in
 * hand back.
 */
export function startJobRunner(
  kinds: Readonly<Record<string, PerformJob>>,
  deps: { queue: JobQueue; clock: Clock; logger: Logger },
): JobRunner {
  const stopping = new AbortController();
  let woken = false;
  let wakeUp: () => void = () => {};
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const ran = await runOne(kinds, deps, stopping.signal).catch((error: unknown) => {
        deps.logger.error('job queue failed', { error });
        return false;
      });
      if (!ran && !woken && !stopping.signal.aborted) await idle();
      woken = false;
    }
  })();

  function idle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    wake() {
      woken = true;
      wakeUp();
    },
    async stop() {
      stopping.abort();
      wakeUp();
      await loop;
    },
  };
}

async function runOne(
  kinds: Readonly<Record<string, PerformJob>>,
  { queue, clock, logger }: { queue: JobQueue; clock: Clock; logger: Logger },
  signal: AbortSignal,
): Promise<boolean> {
  const job = await queue.claim({ nowMs: clock.now(), leaseMs });
  if (job === null) return false;
  try {
    const perform = kinds[job.kind];
    if (perform === undefined) throw new ApiError('unsupported-operation', { name: job.kind });
    await perform(job, { signal });
    await queue.complete(job);
  } catch (error) {
    // A stop breaks the job off in whatever way; that says nothing about the job.
    const final =
      !signal.aborted && ((error instanceof ApiError && error.status < 500) || job.attempt >= maxAttempts);
    const pauseMs = signal.aborted ? 0 : firstRetryMs * 2 ** (job.attempt - 1);
    const retryAtMs = final ? null : clock.now() + pauseMs;
    logger.warn('job failed', { id: job.id, kind: job.kind, attempt: job.attempt, final, error });
    await queue.fail(job, { error: error instanceof Error ? error.message : String(error), retryAtMs });
  }
  return true;
}
