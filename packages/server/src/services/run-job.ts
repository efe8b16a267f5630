import type { Clock } from '../ports/clock.js';
import type { Job, JobQueue } from '../ports/job-queue.js';
import type { Logger } from '../ports/logger.js';
import { givenBack, judgeJob } from './judge-job.js';

/** A job whose server died is given to somebody else after so long. The work itself may take longer: the lease is renewed. */
export const leaseMs = 60_000;
export const renewLeaseMs = leaseMs / 3;

/** Does the work of one kind of job. At least once: it must be safe to repeat. */
export type PerformJob = (job: Job, options: { signal: AbortSignal }) => Promise<void>;

export interface RunJobDeps {
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A claimed job under way. */
export interface JobInHand {
  readonly kind: string;
  /** Breaks it off and gives it back. */
  stop(): void;
  /** The queue has been told how it ended. Never rejects. */
  readonly ended: Promise<void>;
}

/** Runs a claimed job, keeps its lease, and tells the queue how it ended. Who lost the lease is broken off and tells nothing. */
export function runJob(job: Job, perform: PerformJob, deps: RunJobDeps): JobInHand {
  const breakOff = new AbortController();
  let stopped = false;
  const run = async () => {
    const stopRenewing = keepLease(job, breakOff, deps);
    try {
      await perform(job, { signal: breakOff.signal });
      await deps.queue.complete(job);
    } catch (error) {
      await recordFailure(job, { error, stopped }, deps);
    } finally {
      await stopRenewing();
    }
  };
  return {
    kind: job.kind,
    stop() {
      stopped = true;
      breakOff.abort(new Error('the server stops'));
    },
    ended: run().catch((error: unknown) => deps.logger.error('job queue failed', { error })),
  };
}

/** Answers how to stop it; that waits for a renewal under way. */
function keepLease(job: Job, breakOff: AbortController, { queue, clock, logger }: RunJobDeps) {
  let renewal: Promise<void> = Promise.resolve();
  const renew = async () => {
    const isMine = await queue.extend(job, clock.now() + leaseMs);
    if (!isMine) breakOff.abort(new Error('the lease of the job was lost'));
  };
  const timer = setInterval(() => {
    renewal = renew().catch((error: unknown) => logger.warn('a lease could not be renewed', { error }));
  }, renewLeaseMs);
  return async () => {
    clearInterval(timer);
    await renewal;
  };
}

async function recordFailure(
  job: Job,
  { error, stopped }: { error: unknown; stopped: boolean },
  { queue, clock, logger }: RunJobDeps,
): Promise<void> {
  const { id, kind, attempt } = job;
  const { countsAs, pauseMs } = stopped ? givenBack : judgeJob(job, error);
  const isMine = await queue.fail(job, {
    error: error instanceof Error ? error.message : String(error),
    retryAtMs: pauseMs === null ? null : clock.now() + pauseMs,
    countsAs,
  });
  if (!isMine) logger.info('job has another holder', { id, kind, error });
  else if (stopped) logger.info('job given back', { id, kind });
  else logger.warn('job failed', { id, kind, attempt, countsAs, final: pauseMs === null, error });
}
