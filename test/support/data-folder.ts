import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the rows of a data folder say about one file. */
export interface StoredRow {
  readonly table: 'asset' | 'derived';
  readonly blobKey: string;
  readonly bytes: number;
  readonly etag: string;
}

/**
 * Looks behind the server, at the rows and files of its data folder. Ask for rows only while a server has the folder open: the last
 * one to close a database tidies its log away, and that must not be the test after a crash.
 */
export function dataFolder(data: string) {
  const query = <Row>(sql: string): Row[] => queryDatabase(join(data, 'counterseal.db'), sql) as Row[];

  const rows = () =>
    query<StoredRow>(
      `select 'asset' as "table", blob_key as blobKey, bytes, etag from asset
       union all select 'derived', blob_key, bytes, etag from derived`,
    );

  /** Nothing when the kept sum of the derivatives made on request is what adding them up gives; a small one counts as a block. */
  const wrongSum = () =>
    query<{ kept: number; sum: number }>(
      `select value as kept, (select coalesce(sum(max(bytes, 4096)), 0) from derived where on_request = 1) as sum
       from total where name = 'derived_on_request_bytes'`,
    ).flatMap(({ kept, sum }) =>
      kept === sum ? [] : [`the sum of derivatives is kept as ${kept} of ${sum}`],
    );

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
      query<{ waiting: number; dead: number }>(
        'select count(*) filter (where dead = 0) as waiting, count(*) filter (where dead = 1) as dead from job',
      )[0],
    /** How often each living job was begun. */
    attempts: () =>
      query<{ attempt: number }>('select attempt from job where dead = 0').map(({ attempt }) => attempt),
    /** As if another server had taken all jobs in hand, after a lease ran out unnoticed. */
    stealJobs: () => query("update job set lease_token = 'of another server' where lease_token is not null"),
    /** As if the leases of dead workers and the pauses before retries had run out. */
    endLeases: () => query('update job set available_at = 0 where dead = 0'),
    /** Rows whose file is missing or is not what the row says; and whether their sum is right. */
    async brokenRows(): Promise<string[]> {
      const broken = wrongSum();
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

const queryScript = fileURLToPath(new URL('query-database.mjs', import.meta.url));

/**
 * In a process of its own, because the packaged engine closes a file only when its statements are collected. A connection that is held
 * while the server dies keeps the next one from recovering the log: a commit cut off in its fsync is then not seen, until it is.
 */
function queryDatabase(file: string, sql: string): unknown[] {
  return JSON.parse(execFileSync(process.execPath, [queryScript, file, sql], { encoding: 'utf8' }));
}
