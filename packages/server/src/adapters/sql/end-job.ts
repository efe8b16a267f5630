import { sql, type Transaction } from 'kysely';
import type { JobFailure, JobLease } from '../../ports/job-queue.js';
import { inTurn } from './job-turns.js';
import type { Schema } from './schema.js';

const MAX_ERROR_CHARACTERS = 2_000;

/** Removes a job that is done. False when the lease is somebody else's; then nothing was changed. */
export async function completeJob(trx: Transaction<Schema>, { id, leaseToken }: JobLease): Promise<boolean> {
  const done = await trx
    .deleteFrom('job')
    .where('id', '=', id)
    .where('lease_token', '=', leaseToken)
    .returning('subject')
    .executeTakeFirst();
  if (done === undefined) return false;
  await letNextRun(trx, done.subject);
  return true;
}

/** What becomes of the counters, which the claim has raised. */
const counted = {
  attempt: () => ({}),
  postponed: () => ({ attempt: sql<number>`attempt - 1`, postponed: sql<number>`postponed + 1` }),
  nothing: () => ({ attempt: sql<number>`attempt - 1` }),
} as const satisfies Record<JobFailure['countsAs'], () => object>;

/** Gives a job back, or keeps it as dead. False when the lease is somebody else's; then nothing was changed. */
export async function failJob(
  trx: Transaction<Schema>,
  { id, leaseToken }: JobLease,
  { error, retryAtMs, countsAs }: JobFailure,
): Promise<boolean> {
  const failed = await trx
    .updateTable('job')
    .set({ lease_token: null, error: storableError(error), ...counted[countsAs]() })
    .set(retryAtMs === null ? { dead: 1 } : { available_at: retryAtMs })
    .where('id', '=', id)
    .where('lease_token', '=', leaseToken)
    .returning('subject')
    .executeTakeFirst();
  if (failed === undefined) return false;
  if (retryAtMs === null) await letNextRun(trx, failed.subject);
  return true;
}

/** The first living job of a subject waits for nobody. */
async function letNextRun(trx: Transaction<Schema>, subject: string | null): Promise<void> {
  if (subject === null) return;
  const next = await inTurn(trx, subject, 'asc').executeTakeFirst();
  if (next === undefined) return;
  await trx.updateTable('job').set({ waits: 0 }).where('id', '=', next.id).execute();
}

/** Error texts come from anywhere; what a text column cannot hold must not keep a failure from being recorded. */
function storableError(error: string): string {
  return error.slice(0, MAX_ERROR_CHARACTERS).replace(/[\0\p{Surrogate}]/gu, '\ufffd');
}
