import { type JobKind, jobKinds, jobsAtOnce } from './job-lanes.js';
import { type JobInHand, leaseMs, type PerformJob, type RunJobDeps, runJob } from './run-job.js';

/** How often an idle runner looks for jobs of other processes, for retries that are due, and for leases that have run out. */
const pollMs = 2000;

export interface JobRunner {
  /** There may be work. Cheap; call it after every commit that added jobs. */
  wake(): void;
  /** Stops claiming, breaks off the jobs in hand and gives them back. */
  stop(): Promise<void>;
}

/** Runs queued work, of each kind as many jobs at once as {@link jobsAtOnce} says, the oldest first. */
export function startJobRunner(
  performers: Readonly<Record<JobKind, PerformJob>>,
  deps: RunJobDeps,
): JobRunner {
  const { queue, clock, logger } = deps;
  const inHand = new Set<JobInHand>();
  let stopping = false;
  let woken = false;
  let wakeUp: () => void = () => {};

  const freeKinds = () =>
    jobKinds.filter((kind) => [...inHand].filter((hand) => hand.kind === kind).length < jobsAtOnce[kind]);

  async function claimAll(): Promise<void> {
    for (let kinds = freeKinds(); kinds.length > 0 && !stopping; kinds = freeKinds()) {
      const job = await queue.claim({ kinds, nowMs: clock.now(), leaseMs });
      if (job === null) return;
      const hand = runJob(job, performers[job.kind as JobKind], deps);
      inHand.add(hand);
      void hand.ended.then(() => {
        inHand.delete(hand);
        wake();
      });
    }
  }

  async function untilStopped(): Promise<void> {
    while (!stopping) {
      woken = false;
      await claimAll().catch((error: unknown) => logger.error('job queue failed', { error }));
      if (!woken && !stopping) await idle();
    }
    // One may have been claimed while the stop was asked for.
    for (const hand of inHand) hand.stop();
    await Promise.all([...inHand].map((hand) => hand.ended));
  }

  function idle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function wake(): void {
    woken = true;
    wakeUp();
  }

  const ended = untilStopped();
  return {
    wake,
    stop() {
      stopping = true;
      wakeUp();
      return ended;
    },
  };
}
