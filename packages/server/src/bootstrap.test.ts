import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccountStore } from './adapters/sql/account-store.js';
import { type TemporaryDatabase, temporaryDatabase } from './adapters/sql/temporary-database.test-support.js';
import { firstKeys, unlikeBootstrap } from './bootstrap.js';
import type { AccountStore } from './ports/account-store.js';

const clock = { now: () => 1_700_000_000_000 };
const bootstrap = { cloud: 'ci', apiKey: 'key', apiSecret: 'a secret of the test' };

let files: TemporaryDatabase;
const connect = async (): Promise<AccountStore> =>
  openAccountStore(await files.connect(), { masterKey: Buffer.alloc(32, 7) });
beforeEach(async () => {
  files = await temporaryDatabase();
});
afterEach(() => files.remove());

describe('firstKeys', () => {
  it('makes the first key once', async () => {
    const accounts = await connect();
    const first = await firstKeys(accounts, null, clock);
    expect(first).toMatchObject({ cloud: 'demo' });
    expect(await firstKeys(accounts, null, clock)).toBeNull();
    expect(await accounts.findKey(first?.apiKey ?? '')).toMatchObject({ cloud: 'demo' });
  });

  it('makes the key that a killed first start left unmade', async () => {
    const accounts = await connect();
    await accounts.createCloud('demo');
    expect(await firstKeys(accounts, null, clock)).toMatchObject({ cloud: 'demo' });
  });

  it('makes the configured key once when several servers start together', async () => {
    const stores = await Promise.all([connect(), connect(), connect()]);
    const made = await Promise.all(stores.map((accounts) => firstKeys(accounts, bootstrap, clock)));
    expect(made.filter((one) => one !== null)).toHaveLength(1);
    expect(await (await connect()).listKeys('ci')).toHaveLength(1);
  });

  it('shows only keys that work when several servers start together', async () => {
    const stores = await Promise.all([connect(), connect(), connect()]);
    const made = await Promise.all(stores.map((accounts) => firstKeys(accounts, null, clock)));
    const shown = made.filter((one) => one !== null);
    expect(shown.length).toBeGreaterThan(0);
    for (const { apiKey, apiSecret } of shown)
      expect(await (await connect()).findKey(apiKey)).toMatchObject({ secret: apiSecret, cloud: 'demo' });
  });
});

it('unlikeBootstrap tells a key that is there from the one asked for', async () => {
  const accounts = await connect();
  expect(await unlikeBootstrap(accounts, bootstrap)).toBeNull();
  await firstKeys(accounts, bootstrap, clock);
  expect(await unlikeBootstrap(accounts, bootstrap)).toBeNull();
  expect(await unlikeBootstrap(accounts, { ...bootstrap, apiSecret: 'other' })).toBe('has another secret');
  expect(await unlikeBootstrap(accounts, { ...bootstrap, cloud: 'other' })).toBe('belongs to another cloud');
  await accounts.disableKey(bootstrap.apiKey);
  expect(await unlikeBootstrap(accounts, bootstrap)).toBe('is disabled');
});
