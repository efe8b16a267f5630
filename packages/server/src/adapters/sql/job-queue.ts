import { sql } from 'kysely';
import type { JobQueue } from '../../ports/job-queue.js';
import { chunks } from './chunks.js';
import { claimJob } from './claim-job.js';
import type { Database } from './database.js';
import { completeJob, failJob } from './end-job.js';
import { insertJobs } from './insert-jobs.js';
import { inTransaction } from './transaction.js';

/** The JobQueue on an open database. */
export function openJobQueue(database: Database): JobQueue {
  const { reads } = database;
  return {
    enqueue: (jobs, options = {}) => inTransaction(database, options, (trx) => insertJobs(trx, jobs)),
    claim: claimJob(database),

    extend: ({ id, leaseToken }, untilMs, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const extended = await trx
          .updateTable('job')
          .set({ available_at: untilMs })
          .where('id', '=', id)
          .where('lease_token', '=', leaseToken)
          .executeTakeFirst();
        return extended.numUpdatedRows === 1n;
      }),

    complete: (job, options = {}) => inTransaction(database, options, (trx) => completeJob(trx, job)),
    fail: (job, failure, options = {}) =>
      inTransaction(database, options, (trx) => failJob(trx, job, failure)),

    counts: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      const row = await reads
        .selectFrom('job')
        .select([
          sql<number>`count(*)`.as('all'),
          sql<number>`coalesce(sum(dead), 0)`.as('dead'),
          sql<number>`count(lease_token)`.as('leased'),
        ])
        .executeTakeFirstOrThrow();
      const [all, dead, leased] = [Number(row.all), Number(row.dead), Number(row.leased)];
      return { ready: all - dead - leased, leased, dead };
    },

    referencedBlobs: async (keys, { signal } = {}) => {
      const referenced = new Set<string>();
      for (const some of chunks(keys)) {
        signal?.throwIfAborted();
        const rows = await reads
          .selectFrom('job')
          .select('blob_key')
          .where('blob_key', 'in', some)
          .where('dead', '=', 0)
          .execute();
        for (const { blob_key } of rows) if (blob_key !== null) referenced.add(blob_key);
      }
      return referenced;
    },
  };
}
