import { createHash } from 'node:crypto';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/** What the rows of a data folder say about one file. */
export interface StoredRow {
  readonly table: 'asset' | 'derived';
  readonly blobKey: string;
  readonly bytes: number;
  readonly etag: string;
}

/**
 * Looks behind the server, at the rows and files of its data folder. Use `database` while a server has the folder open: the last
 * one to close a database tidies its log away, and that must not be the test after a crash.
 */
export function dataFolder(data: string) {
  const database = <Result>(work: (open: DatabaseSyncInstance) => Result): Result => {
    const open = new DatabaseSync(join(data, 'counterseal.db'));
    try {
      open.exec('pragma busy_timeout=5000');
      return work(open);
    } finally {
      open.close();
    }
  };
  const count = (open: DatabaseSyncInstance, sql: string) =>
    Number((open.prepare(sql).get() as { n: number | bigint }).n);

  const rows = (): StoredRow[] =>
    database((open) =>
      open
        .prepare(
          `select 'asset' as "table", blob_key as blobKey, bytes, etag from asset
           union all select 'derived', blob_key, bytes, etag from derived`,
        )
        .all(),
    ) as StoredRow[];

  /** Keys of the files that have their final name. */
  const blobs = async (): Promise<string[]> => {
    const shards = await readdir(join(data, 'blobs'));
    return (await Promise.all(shards.map((shard) => readdir(join(data, 'blobs', shard))))).flat().sort();
  };

  return {
    rows,
    blobs,
    staged: () => readdir(join(data, 'staging')),
    /** Jobs that will still be tried, and jobs that were given up. */
    jobs: () =>
      database((open) => ({
        waiting: count(open, 'select count(*) as n from job where dead = 0'),
        dead: count(open, 'select count(*) as n from job where dead = 1'),
      })),
    /** As if the leases of dead workers and the pauses before retries had run out. */
    endLeases: () => database((open) => open.exec('update job set available_at = 0 where dead = 0')),
    /** Rows whose file is missing or is not what the row says. */
    async brokenRows(): Promise<string[]> {
      const broken: string[] = [];
      for (const { table, blobKey, bytes, etag } of rows()) {
        const file = await readFile(join(data, 'blobs', blobKey.slice(2, 4), blobKey)).catch(() => null);
        const md5 = file === null ? null : createHash('md5').update(file).digest('hex');
        if (md5 !== etag || file?.byteLength !== bytes)
          broken.push(`${table} ${blobKey}: ${md5 ?? 'missing'}`);
      }
      return broken;
    },
    /** As if what was being uploaded had been left alone for two days. */
    async ageStaged(): Promise<void> {
      const longAgo = new Date(Date.now() - 48 * 3_600_000);
      for (const name of await readdir(join(data, 'staging')))
        await utimes(join(data, 'staging', name), longAgo, longAgo);
    },
  };
}
