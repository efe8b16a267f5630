import type { IoOptions } from './io.js';

/**
 * Work that outlives its request. Jobs are enqueued in the same transaction as the rows they belong to (see
 * `AssetStore.putAsset`) or alone; a claimed job is leased, and comes back when its lease expires without an answer.
 */
export interface JobQueue {
  enqueue(jobs: readonly NewJob[], options?: IoOptions): Promise<void>;
  /**
   * The oldest runnable job of these kinds, leased until `nowMs + leaseMs`; null when there is none. Two claimers never get one job. A job
   * with a subject is not runnable before all jobs put in earlier with the same subject, of whatever kind, have ended: done or dead.
   */
  claim(
    request: { kinds: readonly string[]; nowMs: number; leaseMs: number },
    options?: IoOptions,
  ): Promise<Job | null>;
  /** Still at work: moves the end of the lease to `untilMs`. False when the lease was lost (somebody else owns it now). */
  extend(job: JobLease, untilMs: number, options?: IoOptions): Promise<boolean>;
  /** Done: removes the job. False when the lease was lost. */
  complete(job: JobLease, options?: IoOptions): Promise<boolean>;
  /** Not done: see {@link JobFailure}. False when the lease was lost. */
  fail(job: JobLease, failure: JobFailure, options?: IoOptions): Promise<boolean>;
  counts(options?: IoOptions): Promise<{ ready: number; leased: number; dead: number }>;
  /** Blob keys named in payloads of living jobs (`payload.blobKey`), so that the sweeper spares them. */
  referencedBlobs(keys: readonly string[], options?: IoOptions): Promise<Set<string>>;
}

export interface NewJob {
  /** UUID. */
  readonly id: string;
  readonly kind: string;
  readonly cloud: string;
  /** What it changes: jobs with one subject run one after the other, in the order in which they were put in. Null: nothing shared. */
  readonly subject: string | null;
  /** Plain JSON. A key `blobKey` names a blob the job still needs. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly runAtMs: number;
}

export interface Job extends NewJob {
  /** 1 on the first claim. */
  readonly attempt: number;
  /** How often it was put off before. */
  readonly postponed: number;
  readonly leaseToken: string;
}

/** Names a job and proves that one has it in hand. */
export type JobLease = Pick<Job, 'id' | 'leaseToken'>;

export interface JobFailure {
  readonly error: string;
  /** When it is runnable again. Null: it is dead, is kept to be looked at, and holds nothing up. */
  readonly retryAtMs: number | null;
  /** As what this claim counts afterwards: as an attempt, as one put off, or as if it had not been. */
  readonly countsAs: 'attempt' | 'postponed' | 'nothing';
}
