import { randomUUID } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Job, JobQueue } from '../../ports/job-queue.js';
import { chunks } from './chunks.js';
import type { Database } from './database.js';
import { insertJobs } from './insert-jobs.js';
import { parseRecord } from './json-text.js';
import type { JobTable } from './schema.js';
import { inTransaction } from './transaction.js';

const MAX_ERROR_CHARACTERS = 2_000;

/** The JobQueue on an open database. A claim moves `available_at` to the end of the lease: expiry needs no one to notice it. */
export function openJobQueue(database: Database): JobQueue {
  const { reads, dialect } = database;
  return {
    enqueue: (jobs, options = {}) => inTransaction(database, options, (trx) => insertJobs(trx, jobs)),

    claim: async ({ nowMs, leaseMs }, options = {}) => {
      options.signal?.throwIfAborted();
      // An idle worker asks often; it must not take the write lock for an empty queue.
      const candidate = await runnable(reads, nowMs).executeTakeFirst();
      if (candidate === undefined) return null;
      return inTransaction(database, options, async (trx) => {
        const next = await dialect.skipLocked(runnable(trx, nowMs)).executeTakeFirst();
        if (next === undefined) return null;
        const leaseToken = randomUUID();
        const row = await trx
          .updateTable('job')
          .set({ lease_token: leaseToken, available_at: nowMs + leaseMs, attempt: sql`attempt + 1` })
          .where('id', '=', next.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        return jobFromRow(row, leaseToken);
      });
    },

    complete: ({ id, leaseToken }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const removed = await trx
          .deleteFrom('job')
          .where('id', '=', id)
          .where('lease_token', '=', leaseToken)
          .executeTakeFirst();
        return removed.numDeletedRows === 1n;
      }),

    fail: ({ id, leaseToken }, { error, retryAtMs }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const failed = await trx
          .updateTable('job')
          .set({
            lease_token: null,
            error: storableError(error),
            ...(retryAtMs === null ? { dead: 1 as const } : { available_at: retryAtMs }),
          })
          .where('id', '=', id)
          .where('lease_token', '=', leaseToken)
          .executeTakeFirst();
        return failed.numUpdatedRows === 1n;
      }),

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

/** The next job to take. A lease that has run out is like no lease. */
function runnable(db: Database['reads'], nowMs: number) {
  return db
    .selectFrom('job')
    .select('id')
    .where('dead', '=', 0)
    .where('available_at', '<=', nowMs)
    .orderBy('available_at')
    .orderBy('id')
    .limit(1);
}

function jobFromRow(row: Selectable<JobTable>, leaseToken: string): Job {
  return {
    id: row.id,
    kind: row.kind,
    cloud: row.cloud,
    payload: parseRecord(row.payload),
    runAtMs: row.run_at,
    attempt: row.attempt,
    leaseToken,
  };
}

/** Error texts come from anywhere; what a text column cannot hold must not keep a failure from being recorded. */
function storableError(error: string): string {
  return error.slice(0, MAX_ERROR_CHARACTERS).replace(/[\0\p{Surrogate}]/gu, '\ufffd');
}
