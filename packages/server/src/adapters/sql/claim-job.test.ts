import { type SelectQueryBuilder, sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { runnable } from './claim-job.js';
import type { Database } from './database.js';
import { inTurn } from './job-turns.js';
import type { Schema } from './schema.js';
import { temporaryDatabase } from './temporary-database.test-support.js';

// What sorts or scans costs more with every job that waits.
it.each<[string, string, (db: Database['reads']) => SelectQueryBuilder<Schema, 'job', unknown>]>([
  [
    'the next runnable job',
    'COVERING INDEX job_ready (kind=? AND dead=? AND waits=? AND available_at<?)',
    (db) => runnable(db, 'upload', 0),
  ],
  [
    'the first of a subject',
    'INDEX job_subject (subject=? AND dead=?)',
    (db) => inTurn(db, 'demo/upload/cat', 'asc'),
  ],
  [
    'the last of a subject',
    'INDEX job_subject (subject=? AND dead=?)',
    (db) => inTurn(db, 'demo/upload/cat', 'desc'),
  ],
])('finds %s at once in an index', async (_, index, query) => {
  const files = await temporaryDatabase();
  onTestFinished(files.remove);
  const rows = await query((await files.connect()).reads).explain<{ detail: string }>(
    undefined,
    sql`query plan`,
  );
  expect(rows.map(({ detail }) => detail)).toEqual([`SEARCH job USING ${index}`]);
});
