import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { cloud, derivedFacts, upload } from '../../ports/contracts/asset-samples.contract.js';
import { assetToRow, derivedToRow } from './asset-rows.js';
import { openAssetStore } from './asset-store.js';
import { openSqlite } from './dialects/sqlite/open-sqlite.js';
import { sqliteDialect } from './dialects/sqlite/sqlite-dialect.js';
import { openJobQueue } from './job-queue.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations/index.js';
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.test-support.js';

let files: TemporaryDatabase;
afterEach(() => files.remove());

/** A database as an earlier version left it, with `derived` rows of so many bytes. */
async function olderDatabase(version: number, rows: readonly { bytes: number; onRequest: boolean }[]) {
  files = await temporaryDatabase();
  const path = join(files.folder, 'counterseal.db');
  const older = await openSqlite(path);
  await migrate({ writes: older.writes, dialect: sqliteDialect }, migrations.slice(0, version));
  const { newAssetId: assetId, ...facts } = upload('cat').asset;
  const asset = { ...facts, assetId, version: 1, createdAtMs: facts.updatedAtMs };
  await older.writes.insertInto('asset').values(assetToRow(asset)).execute();
  for (const [at, changes] of rows.entries()) {
    const derived = { ...derivedFacts(`w_${at}`, changes), assetId, versionId: facts.versionId };
    await older.writes.insertInto('derived').values(derivedToRow(cloud, derived)).execute();
  }
  await older.close();
  return assetId;
}

it('adds up once what the derivatives of a database without the sum take, and goes on from there', async () => {
  const assetId = await olderDatabase(5, [
    { bytes: 1, onRequest: true },
    { bytes: 10_000, onRequest: true },
    { bytes: 20_000, onRequest: false },
  ]);
  const assets = openAssetStore(await files.connect());
  expect(await assets.derivedOnRequestBytes()).toBe(4096 + 10_000);
  await assets.deleteDerived({ cloud, assetId });
  expect(await assets.derivedOnRequestBytes()).toBe(0);
});

it('keeps the jobs of a database without lanes, each as the kind it is now', async () => {
  await olderDatabase(6, []);
  const older = await openSqlite(join(files.folder, 'counterseal.db'));
  const row = (id: string, kind: string, payload: Record<string, string>, dead: 0 | 1 = 0) =>
    sql`insert into job (id, kind, cloud, payload, blob_key, run_at, available_at, dead)
        values (${id}, ${kind}, ${cloud}, ${JSON.stringify(payload)}, ${payload.blobKey ?? null}, 1, 1, ${dead})`.execute(
      older.writes,
    );
  await row('kept', 'upload', { blobKey: 'b' });
  await row('dead', 'upload', { blobKey: 'c' }, 1);
  await row('by url', 'upload', { url: 'https://example.com/a.png' });
  await row('derivatives', 'eager', {});
  await older.close();

  const jobs = openJobQueue(await files.connect());
  const claim = (kind: string) => jobs.claim({ kinds: [kind], nowMs: 1, leaseMs: 1 });
  const fresh = { attempt: 1, postponed: 0, subject: null };
  expect(await claim('upload')).toMatchObject({ ...fresh, id: 'kept', payload: { blobKey: 'b' } });
  expect(await claim('upload')).toBeNull();
  const byUrl = { ...fresh, id: 'by url', payload: { url: 'https://example.com/a.png' } };
  expect(await claim('upload-url')).toMatchObject(byUrl);
  expect(await claim('eager')).toMatchObject({ ...fresh, id: 'derivatives' });
  expect(await jobs.counts()).toEqual({ ready: 0, leased: 3, dead: 1 });
});

it('starts at nothing where there is none', async () => {
  await olderDatabase(5, []);
  expect(await openAssetStore(await files.connect()).derivedOnRequestBytes()).toBe(0);
});
