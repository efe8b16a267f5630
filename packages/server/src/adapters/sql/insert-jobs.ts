import type { Kysely } from 'kysely';
import type { NewJob } from '../../ports/job-queue.js';
import { chunks } from './chunks.js';
import type { Schema } from './schema.js';

/** Enqueues inside the caller's transaction, so that jobs exist exactly when the rows they belong to do. */
export async function insertJobs(trx: Kysely<Schema>, jobs: readonly NewJob[]): Promise<void> {
  const rows = jobs.map(({ id, kind, cloud, payload, runAtMs }) => ({
    id,
    kind,
    cloud,
    payload: JSON.stringify(payload),
    blob_key: typeof payload.blobKey === 'string' ? payload.blobKey : null,
    run_at: runAtMs,
    available_at: runAtMs,
    attempt: 0,
    lease_token: null,
    dead: 0 as const,
    error: null,
  }));
  for (const some of chunks(rows))
    await trx
      .insertInto('job')
      .values([...some])
      .execute();
}
