import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { address, cloud, nowMs, upload } from '../../ports/contracts/asset-samples.contract.js';
import { openAccountStore } from './account-store.js';
import { openAssetStore } from './asset-store.js';
import { type Database, openDatabase } from './database.js';
import { MasterKeyError } from './master-key.js';
import { NewerDatabaseError } from './migrate.js';
import { migrations } from './migrations/index.js';
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.test-support.js';
import { inTransaction } from './transaction.js';

const masterKey = Buffer.alloc(32, 3);
const secret = 'PLAINTEXT-SECRET-0123456789';
const newKey = {
  apiKey: '123456789012345',
  secret,
  cloud,
  policy: { algorithms: ['sha1', 'sha256'], allowV1: false, strict: false, singleUse: false },
  createdAtMs: nowMs,
} as const;

describe('openDatabase', () => {
  let files: TemporaryDatabase;
  beforeEach(async () => {
    files = await temporaryDatabase();
  });
  afterEach(() => files.remove());

  async function settings(db: Database['reads'], pragma: string): Promise<unknown> {
    const { rows } = await sql<Record<string, unknown>>`pragma ${sql.ref(pragma)}`.execute(db);
    return Object.values(rows[0] ?? {})[0];
  }

  it('sets both connections for durable commits', async () => {
    const { reads, writes } = await files.connect();
    for (const db of [reads, writes]) {
      expect(await settings(db, 'journal_mode')).toBe('wal');
      expect(await settings(db, 'synchronous')).toBe(2);
      expect(await settings(db, 'foreign_keys')).toBe(1);
    }
  });

  it('has a reading connection that cannot write', async () => {
    const { reads } = await files.connect();
    await expect(reads.insertInto('cloud').values({ name: 'x', created_at: 1 }).execute()).rejects.toThrow();
  });

  it('makes files that only the owner can read', async () => {
    await openAccountStore(await files.connect(), { masterKey });
    for (const name of await readdir(files.folder)) {
      expect([name, (await stat(join(files.folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('rejects when the folder is not there', async () => {
    await expect(openDatabase({ path: join(files.folder, 'none', 'x.db') })).rejects.toThrow('ENOENT');
  });

  it('migrates once, also when opened several times at once', async () => {
    const all = await Promise.all([files.connect(), files.connect(), files.connect()]);
    const versions = await sql<{
      version: number;
    }>`select version from schema_version order by version`.execute((all[0] as Database).reads);
    expect(versions.rows.map((row) => row.version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('refuses a database of a newer version and leaves it alone', async () => {
    const first = await files.connect();
    await sql`insert into schema_version (version) values (99)`.execute(first.writes);
    await expect(openDatabase({ path: files.path })).rejects.toThrow(NewerDatabaseError);
  });

  it('keeps rows over closing and opening, and no secret in plain text', async () => {
    const first = await openDatabase({ path: files.path });
    const accounts = await openAccountStore(first, { masterKey });
    await accounts.createCloud(cloud);
    await accounts.createKey(newKey);
    await openAssetStore(first).putAsset(upload('cat'));
    const written = await openAssetStore(first).findAsset(address('cat'));
    await first.close();

    const bytes = await readFile(files.path);
    expect(bytes.includes(newKey.apiKey)).toBe(true);
    for (const plain of [secret, Buffer.from(secret).toString('base64').slice(0, 30), masterKey]) {
      expect(bytes.includes(plain)).toBe(false);
    }

    const second = await files.connect();
    expect(await openAssetStore(second).findAsset(address('cat'))).toEqual(written);
    const again = await openAccountStore(second, { masterKey });
    expect(await again.findKey(newKey.apiKey)).toEqual({ ...newKey, disabled: false });
  });

  it('writes no secret in plain text to the log before it is merged', async () => {
    const accounts = await openAccountStore(await files.connect(), { masterKey });
    await accounts.createCloud(cloud);
    await accounts.createKey(newKey);
    // Of the database file nothing is opened here: closing it again would drop SQLite's locks.
    const log = await readFile(`${files.path}-wal`);
    expect(log.includes(newKey.apiKey)).toBe(true);
    expect(log.includes(secret)).toBe(false);
  });

  it('refuses another master key with a clear text, at once', async () => {
    const database = await files.connect();
    await openAccountStore(database, { masterKey });
    const other = openAccountStore(database, { masterKey: Buffer.alloc(32, 4) });
    await expect(other).rejects.toThrow(MasterKeyError);
    await expect(other).rejects.toThrow('not the one this database was made with');
  });

  it('does not open a secret that was moved to another key or cloud', async () => {
    const database = await files.connect();
    const accounts = await openAccountStore(database, { masterKey });
    await accounts.createCloud(cloud);
    await accounts.createCloud('other');
    await accounts.createKey(newKey);
    await database.writes.updateTable('api_key').set({ cloud: 'other' }).execute();
    const found = accounts.findKey(newKey.apiKey);
    await expect(found).rejects.toThrow('does not open');
    await expect(found).rejects.not.toThrow(secret);
  });

  it('forgets an opened secret when the row has another one', async () => {
    const database = await files.connect();
    const accounts = await openAccountStore(database, { masterKey });
    await accounts.createCloud(cloud);
    await accounts.createKey(newKey);
    await accounts.createKey({ ...newKey, apiKey: 'new', secret: 'rotated' });
    await accounts.findKey(newKey.apiKey);
    await database.writes.deleteFrom('api_key').where('api_key', '=', newKey.apiKey).execute();
    await accounts.createKey({ ...newKey, secret: 'rotated' });
    expect(await accounts.findKey(newKey.apiKey)).toMatchObject({ secret: 'rotated' });
  });

  it('lets nobody change the audit record', async () => {
    const database = await files.connect();
    const accounts = await openAccountStore(database, { masterKey });
    await accounts.appendAudit({ cloud, atMs: nowMs, actor: 'cli', action: 'keys.create', subject: 'k' });
    await expect(database.writes.updateTable('audit_entry').set({ actor: 'x' }).execute()).rejects.toThrow(
      'append-only',
    );
    await expect(database.writes.deleteFrom('audit_entry').execute()).rejects.toThrow('append-only');
    expect(await accounts.listAudit(cloud, 10)).toHaveLength(1);
  });

  it('lets readers read while a transaction is under way, and shows them nothing of it', async () => {
    const database = await files.connect();
    const assets = openAssetStore(database);
    await assets.putAsset(upload('cat'));
    await inTransaction(database, {}, async (trx) => {
      await trx.deleteFrom('asset').execute();
      expect(await assets.findAsset(address('cat'))).not.toBeNull();
    });
    expect(await assets.findAsset(address('cat'))).toBeNull();
  });

  it('undoes a transaction that is aborted on its way', async () => {
    const database = await files.connect();
    const assets = openAssetStore(database);
    await assets.putAsset(upload('cat'));
    const abort = new AbortController();
    const running = inTransaction(database, { signal: abort.signal }, async (trx) => {
      await trx.deleteFrom('asset').execute();
      abort.abort(new Error('too late'));
    });
    await expect(running).rejects.toThrow('too late');
    expect(await assets.findAsset(address('cat'))).not.toBeNull();
    expect(await assets.putAsset(upload('dog'))).toMatchObject({ outcome: 'created' });
  });

  it('leaves everything in the one file when it closes', async () => {
    const database = await openDatabase({ path: files.path });
    await openAssetStore(database).putAsset(upload('cat'));
    await database.close();
    const log = await stat(`${files.path}-wal`).catch(() => ({ size: 0 }));
    expect(log.size).toBe(0);
  });

  it('finishes what was asked for before it closes', async () => {
    const database = await openDatabase({ path: files.path });
    const assets = openAssetStore(database);
    const putting = ['a', 'b', 'c'].map((publicId) => assets.putAsset(upload(publicId)));
    await database.close();
    expect((await Promise.all(putting)).map(({ outcome }) => outcome)).toEqual([
      'created',
      'created',
      'created',
    ]);
  });

  it('says that the storage is full when SQLite cannot grow', async () => {
    const database = await files.connect();
    const pages = await settings(database.writes, 'page_count');
    await sql`pragma max_page_count = ${sql.lit(Number(pages))}`.execute(database.writes);
    const assets = openAssetStore(database);
    const tooMuch = upload('cat', { extra: { text: 'x'.repeat(1_000_000) } });
    await expect(assets.putAsset(tooMuch)).rejects.toMatchObject({ name: 'StorageFullError' });
    expect(await assets.findAsset(address('cat'))).toBeNull();
    await sql`pragma max_page_count = 1000000`.execute(database.writes);
    expect(await assets.putAsset(tooMuch)).toMatchObject({ outcome: 'created' });
  });
});
