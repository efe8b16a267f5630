import type { IoOptions } from './io.js';

/**
 * Work that outlives its request. Jobs are enqueued in the same transaction as the rows they belong to (see
 * `AssetStore.putAsset`) or alone; a claimed job is leased, and comes back when its lease expires without an answer.
 */
export interface JobQueue {
  enqueue(jobs: readonly NewJob[], options?: IoOptions): Promise<void>;
  /** The oldest runnable job, leased until `nowMs + leaseMs`; null when there is none. Two claimers never get one job. */
  claim(request: { nowMs: number; leaseMs: number }, options?: IoOptions): Promise<Job | null>;
  /** Done: removes the job. False when the lease was lost (somebody else owns it now). */
  complete(job: JobLease, options?: IoOptions): Promise<boolean>;
  /** Failed: runnable again at `retryAtMs`, or kept as dead when null. */
  fail(
    job: JobLease,
    outcome: { error: string; retryAtMs: number | null },
    options?: IoOptions,
  ): Promise<boolean>;
  counts(options?: IoOptions): Promise<{ ready: number; leased: number; dead: number }>;
  /** Blob keys named in payloads of living jobs (`payload.blobKey`), so that the sweeper spares them. */
  referencedBlobs(keys: readonly string[], options?: IoOptions): Promise<Set<string>>;
}

export interface NewJob {
  /** UUID. */
  readonly id: string;
  readonly kind: string;
  readonly cloud: string;
  /** Plain JSON. A key `blobKey` names a blob the job still needs. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly runAtMs: number;
}

export interface Job extends NewJob {
  /** 1 on the first claim. */
  readonly attempt: number;
  readonly leaseToken: string;
}

/** Names a job and proves that one has it in hand. */
export type JobLease = Pick<Job, 'id' | 'leaseToken'>;
