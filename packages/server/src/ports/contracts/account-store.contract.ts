import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountStore, NamedTransformation, NewApiKey, UploadPreset } from '../account-store.js';
import { DuplicateError } from '../io.js';

export interface AccountStoreFixture {
  readonly accounts: AccountStore;
  /** Another, independent connection to the same data. */
  connect(): Promise<AccountStore>;
  close(): Promise<void>;
}

const cloud = 'demo';
const nowMs = 1_700_000_000_000;

const newKey = (apiKey: string, changes: Partial<NewApiKey> = {}): NewApiKey => ({
  apiKey,
  secret: `secret of ${apiKey} \u{1f511}`,
  cloud,
  policy: { algorithms: ['sha1', 'sha256'], allowV1: false, strict: true, singleUse: false },
  createdAtMs: nowMs,
  ...changes,
});

const preset = (name: string, changes: Partial<UploadPreset> = {}): UploadPreset => ({
  cloud,
  name,
  externalId: '0123456789abcdef0123456789abcdef',
  unsigned: true,
  disallowPublicId: false,
  settings: { tags: 'a,b', eager: 'w_100' },
  createdAtMs: nowMs,
  ...changes,
});

const transformation = (name: string, changes: Partial<NamedTransformation> = {}): NamedTransformation => ({
  cloud,
  name,
  transformation: 'c_fill,h_100,w_100',
  allowedForStrict: false,
  createdAtMs: nowMs,
  ...changes,
});

/** What every AccountStore must do. `open` gives empty data each time. */
export function accountStoreContract(name: string, open: () => Promise<AccountStoreFixture>): void {
  describe(`AccountStore: ${name}`, () => {
    let fixture: AccountStoreFixture;
    let accounts: AccountStore;
    beforeEach(async () => {
      fixture = await open();
      accounts = fixture.accounts;
    });
    afterEach(() => fixture.close());

    it('answers null, false or empty for what is not there', async () => {
      expect(await accounts.cloudExists(cloud)).toBe(false);
      expect(await accounts.cloudCreatedAtMs(cloud)).toBeNull();
      expect(await accounts.listClouds()).toEqual([]);
      expect(await accounts.findKey('none')).toBeNull();
      expect(await accounts.listKeys(null)).toEqual([]);
      expect(await accounts.disableKey('none')).toBe(false);
      expect(await accounts.findPreset(cloud, 'none')).toBeNull();
      expect(await accounts.updatePreset(preset('none'))).toBe(false);
      expect(await accounts.deletePreset(cloud, 'none')).toBe(false);
      expect(await accounts.findTransformation(cloud, 'none')).toBeNull();
      expect(await accounts.updateTransformation(transformation('none'))).toBe(false);
      expect(await accounts.deleteTransformation(cloud, 'none')).toBe(false);
      expect(await accounts.listAudit(cloud, 10)).toEqual([]);
    });

    describe('clouds', () => {
      it('are created once and listed by name', async () => {
        await accounts.createCloud('b');
        await accounts.createCloud('a');
        await expect(accounts.createCloud('a')).rejects.toBeInstanceOf(DuplicateError);
        expect(await accounts.listClouds()).toEqual(['a', 'b']);
        expect(await accounts.cloudExists('a')).toBe(true);
        expect(await accounts.cloudExists('A')).toBe(false);
        expect(await accounts.cloudCreatedAtMs('a')).toBeGreaterThan(0);
      });
    });

    describe('keys', () => {
      beforeEach(async () => {
        await accounts.createCloud(cloud);
        await accounts.createCloud('other');
      });

      it('come back with their secret and policy', async () => {
        const key = newKey('k1');
        await accounts.createKey(key);
        expect(await accounts.findKey('k1')).toEqual({ ...key, disabled: false });
        expect(await accounts.findKey('k1')).toEqual({ ...key, disabled: false });
        expect(await accounts.findKey('K1')).toBeNull();
      });

      it('are unique across clouds', async () => {
        await accounts.createKey(newKey('k1'));
        const second = newKey('k1', { cloud: 'other', secret: 'another' });
        await expect(accounts.createKey(second)).rejects.toBeInstanceOf(DuplicateError);
        expect(await accounts.findKey('k1')).toMatchObject({ cloud, secret: newKey('k1').secret });
      });

      it('belong to a cloud that exists', async () => {
        await expect(accounts.createKey(newKey('k1', { cloud: 'nowhere' }))).rejects.toThrow();
        expect(await accounts.findKey('k1')).toBeNull();
      });

      it('are listed oldest first, by cloud or all, without secrets', async () => {
        await accounts.createKey(newKey('k2', { createdAtMs: nowMs + 2 }));
        await accounts.createKey(newKey('k3', { cloud: 'other', createdAtMs: nowMs + 1 }));
        await accounts.createKey(newKey('k1'));
        const listed = await accounts.listKeys(cloud);
        expect(listed.map((key) => key.apiKey)).toEqual(['k1', 'k2']);
        expect((await accounts.listKeys(null)).map((key) => key.apiKey)).toEqual(['k1', 'k3', 'k2']);
        expect(listed[0]).not.toHaveProperty('secret');
        expect(JSON.stringify(listed)).not.toContain('secret of');
      });

      it('stop at once when disabled, also through another connection', async () => {
        const another = await fixture.connect();
        await accounts.createKey(newKey('k1'));
        expect(await accounts.findKey('k1')).toMatchObject({ disabled: false });
        expect(await another.disableKey('k1')).toBe(true);
        expect(await accounts.findKey('k1')).toMatchObject({ disabled: true });
        expect(await accounts.listKeys(cloud)).toMatchObject([{ disabled: true }]);
      });
    });

    describe('upload presets', () => {
      beforeEach(async () => {
        await accounts.createCloud(cloud);
        await accounts.createCloud('other');
      });

      it('are created, found, replaced and deleted by cloud and name', async () => {
        const first = preset('p');
        await accounts.createPreset(first);
        await accounts.createPreset(preset('p', { cloud: 'other', unsigned: false }));
        await expect(accounts.createPreset(preset('p'))).rejects.toBeInstanceOf(DuplicateError);
        expect(await accounts.findPreset(cloud, 'p')).toEqual(first);
        expect(await accounts.findPreset(cloud, 'P')).toBeNull();

        const changed = preset('p', { unsigned: false, disallowPublicId: true, settings: {} });
        expect(await accounts.updatePreset(changed)).toBe(true);
        expect(await accounts.findPreset(cloud, 'p')).toEqual(changed);
        expect(await accounts.findPreset('other', 'p')).toMatchObject({ settings: first.settings });

        expect(await accounts.deletePreset(cloud, 'p')).toBe(true);
        expect(await accounts.deletePreset(cloud, 'p')).toBe(false);
        expect(await accounts.findPreset(cloud, 'p')).toBeNull();
        expect(await accounts.findPreset('other', 'p')).not.toBeNull();
      });

      it('are listed by name in pages', async () => {
        for (const name of ['b', 'a', 'C', '\u00e9', "d'%_"]) await accounts.createPreset(preset(name));
        await accounts.createPreset(preset('0', { cloud: 'other' }));
        const first = await accounts.listPresets({ cloud, after: null, limit: 3 });
        const rest = await accounts.listPresets({ cloud, after: 'b', limit: 3 });
        expect([...first, ...rest].map((one) => one.name)).toEqual(['C', 'a', 'b', "d'%_", '\u00e9']);
      });

      it('keep settings that name parts of objects as data', async () => {
        const settings = JSON.parse('{"__proto__":"x","constructor":"y"}');
        await accounts.createPreset(preset('p', { settings }));
        const found = await accounts.findPreset(cloud, 'p');
        expect(Object.entries(found?.settings ?? {})).toEqual(Object.entries(settings));
      });
    });

    describe('named transformations', () => {
      beforeEach(async () => {
        await accounts.createCloud(cloud);
        await accounts.createCloud('other');
      });

      it('are created, found, replaced, listed and deleted by cloud and name', async () => {
        const first = transformation('thumb');
        await accounts.createTransformation(first);
        await accounts.createTransformation(transformation('a'));
        await accounts.createTransformation(transformation('thumb', { cloud: 'other' }));
        await expect(accounts.createTransformation(first)).rejects.toBeInstanceOf(DuplicateError);
        expect(await accounts.findTransformation(cloud, 'thumb')).toEqual(first);

        const changed = transformation('thumb', { transformation: 'w_1', allowedForStrict: true });
        expect(await accounts.updateTransformation(changed)).toBe(true);
        expect(await accounts.listTransformations({ cloud, after: 'a', limit: 10 })).toEqual([changed]);
        expect(await accounts.listTransformations({ cloud, after: null, limit: 1 })).toMatchObject([
          { name: 'a' },
        ]);

        expect(await accounts.deleteTransformation(cloud, 'thumb')).toBe(true);
        expect(await accounts.findTransformation(cloud, 'thumb')).toBeNull();
        expect(await accounts.findTransformation('other', 'thumb')).not.toBeNull();
      });
    });

    describe('audit', () => {
      it('is kept in order, newest first, per cloud', async () => {
        const entry = (action: string, changes = {}) => ({
          cloud,
          atMs: nowMs,
          actor: 'cli',
          action,
          subject: 'k1',
          ...changes,
        });
        await accounts.appendAudit(entry('keys.create'));
        await accounts.appendAudit(entry('keys.create', { cloud: 'other' }));
        await accounts.appendAudit(entry('keys.disable', { actor: "'; --", subject: '\u{1f600}' }));
        expect(await accounts.listAudit(cloud, 10)).toEqual([
          entry('keys.disable', { actor: "'; --", subject: '\u{1f600}' }),
          entry('keys.create'),
        ]);
        expect(await accounts.listAudit(cloud, 1)).toMatchObject([{ action: 'keys.disable' }]);
      });
    });

    it('changes nothing when it was aborted', async () => {
      const reason = new Error('gone');
      const options = { signal: AbortSignal.abort(reason) };
      await expect(accounts.createCloud(cloud, options)).rejects.toBe(reason);
      await expect(accounts.findKey('k1', options)).rejects.toBe(reason);
      expect(await accounts.listClouds()).toEqual([]);
    });
  });
}
