import { ApiError } from '@counterseal/protocol';
import { StorageFullError } from '../ports/blob-store.js';
import { StoreBusyError } from '../ports/io.js';
import type { Job, JobFailure } from '../ports/job-queue.js';
import { RendererBusyError } from '../ports/renderer.js';

const maxAttempts = 5;
const firstPauseMs = 2000;

/** A job that is told to come later keeps coming, at most this long apart, for about three days in all. */
const maxPostponedPauseMs = 5 * 60_000;
const maxPostponements = 870;

/** These tell the state of the machine, nothing about the job. */
const comeLater = [RendererBusyError, StoreBusyError, StorageFullError] as const;

export interface Verdict extends Pick<JobFailure, 'countsAs'> {
  /** Null: no retry mends it, or there were enough of them. */
  readonly pauseMs: number | null;
}

/** What a stop broke off, in whatever way, begins again as if it had not begun. */
export const givenBack: Verdict = { countsAs: 'nothing', pauseMs: 0 };

/**
 * What becomes of a job that ended with an error. One that a retry cannot mend (any `ApiError` below 500) is final at once; others are
 * retried with growing pauses, a few times. A job that was told to come later is put off, which is no attempt.
 */
export function judgeJob(
  { attempt, postponed }: Pick<Job, 'attempt' | 'postponed'>,
  error: unknown,
): Verdict {
  if (comeLater.some((kind) => error instanceof kind)) {
    const pauseMs = Math.min(growing(postponed), maxPostponedPauseMs);
    return { countsAs: 'postponed', pauseMs: postponed >= maxPostponements ? null : pauseMs };
  }
  const isFinal = (error instanceof ApiError && error.status < 500) || attempt >= maxAttempts;
  return { countsAs: 'attempt', pauseMs: isFinal ? null : growing(attempt - 1) };
}

function growing(times: number): number {
  return firstPauseMs * 2 ** times;
}
