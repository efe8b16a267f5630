import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { Job, JobQueue } from '../../ports/job-queue.js';
import type { Database } from './database.js';
import { parseRecord } from './json-text.js';
import type { JobTable, Schema } from './schema.js';
import { inTransaction } from './transaction.js';

/** `JobQueue.claim`: moves `available_at` to the end of the lease, so that expiry needs no one to notice it. */
export function claimJob(database: Database): JobQueue['claim'] {
  const { reads, dialect } = database;
  return async ({ kinds, nowMs, leaseMs }, options = {}) => {
    options.signal?.throwIfAborted();
    // An idle worker asks often; it must not take the write lock for an empty queue.
    const candidate = await findOldest(kinds, (kind) => runnable(reads, kind, nowMs));
    if (candidate === null) return null;
    return inTransaction(database, options, async (trx) => {
      const next = await findOldest(kinds, (kind) => dialect.skipLocked(runnable(trx, kind, nowMs)));
      if (next === null) return null;
      const leaseToken = randomUUID();
      const row = await trx
        .updateTable('job')
        .set({ lease_token: leaseToken, available_at: nowMs + leaseMs, attempt: sql`attempt + 1` })
        .where('id', '=', next.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return jobFromRow(row, leaseToken);
    });
  };
}

type Candidate = Pick<Selectable<JobTable>, 'id' | 'available_at'>;

/** One look-up in the index per kind; over several kinds at once the engine would sort all that are runnable. */
async function findOldest(
  kinds: readonly string[],
  query: (kind: string) => SelectQueryBuilder<Schema, 'job', Candidate>,
): Promise<Candidate | null> {
  let oldest: Candidate | null = null;
  for (const kind of kinds) {
    const found = await query(kind).executeTakeFirst();
    if (found !== undefined && (oldest === null || found.available_at < oldest.available_at)) oldest = found;
  }
  return oldest;
}

/** The next job of a kind to take. A lease that has run out is like no lease. */
export function runnable(
  db: Kysely<Schema>,
  kind: string,
  nowMs: number,
): SelectQueryBuilder<Schema, 'job', Candidate> {
  return db
    .selectFrom('job')
    .select(['id', 'available_at'])
    .where('kind', '=', kind)
    .where('dead', '=', 0)
    .where('waits', '=', 0)
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
    subject: row.subject,
    payload: parseRecord(row.payload),
    runAtMs: row.run_at,
    attempt: row.attempt,
    postponed: row.postponed,
    leaseToken,
  };
}
