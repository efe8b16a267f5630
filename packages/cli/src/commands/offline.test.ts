import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, openAccounts } from '@counterseal/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../test-context.test-support.js';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'counterseal-cli-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const offline = (...args: string[]) => runCommandLine([...args, '--data', data]);
async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { out, err } = await offline(...args, '--json');
  expect(err).toBe('');
  return JSON.parse(out) as Record<string, unknown>;
}

describe('counterseal keys', () => {
  test('makes a key with its policy, shows the secret once, stores what it shows', async () => {
    const made = await json(
      'keys',
      'create',
      '--algorithms',
      'sha256',
      '--allow-v1',
      '--strict',
      '--single-use',
    );
    expect(made).toMatchObject({
      cloud: 'demo',
      api_key: expect.stringMatching(/^\d{15}$/),
      algorithms: ['sha256'],
      allow_v1: true,
      strict: true,
      single_use: true,
    });
    const { accounts, close } = await openAccounts(loadConfig({ data }, {}));
    const stored = await accounts.findKey(String(made.api_key));
    await close();
    expect(stored).toMatchObject({ secret: made.api_secret, cloud: 'demo', disabled: false });

    const listed = await offline('keys', 'list', '--json');
    expect(listed.out).toContain(String(made.api_key));
    expect(listed.out).not.toContain(String(made.api_secret));
  });

  test('prints a CLOUDINARY_URL for the address the server is set to', async () => {
    const { out } = await runCommandLine(['keys', 'create', '--data', data], {
      variables: { COUNTERSEAL_PUBLIC_URL: 'https://media.example.com' },
    });
    expect(out).toMatch(
      /^CLOUDINARY_URL=cloudinary:\/\/\d{15}:[\w-]+@demo\?upload_prefix=https:\/\/media.example.com$/m,
    );
  });

  test('disables a key; an unknown one is exit code 1', async () => {
    const { api_key } = await json('keys', 'create');
    expect(await json('keys', 'disable', String(api_key))).toMatchObject({ disabled: true });
    expect(await json('keys', 'list')).toMatchObject({ keys: [{ api_key, disabled: true }] });
    expect(await offline('keys', 'disable', '1')).toMatchObject({
      code: 1,
      err: 'counterseal: there is no API key 1\n',
    });
  });

  test('asks for the cloud when there are two', async () => {
    await json('keys', 'create', '--cloud', 'one');
    await json('keys', 'create', '--cloud', 'two');
    expect(await offline('keys', 'create')).toMatchObject({
      code: 2,
      err: expect.stringContaining('one, two'),
    });
    expect(await json('keys', 'create', '--cloud', 'two')).toMatchObject({ cloud: 'two' });
  });

  test.each([['md5'], [''], ['sha1,md5']])('--algorithms %j is exit code 2', async (algorithms) => {
    expect(await offline('keys', 'create', '--algorithms', algorithms)).toMatchObject({ code: 2, out: '' });
  });

  test('a wrong setting is exit code 2', async () => {
    const result = await runCommandLine(['keys', 'list', '--data', data], {
      variables: { COUNTERSEAL_PORT: 'x' },
    });
    expect(result).toMatchObject({ code: 2, err: expect.stringContaining('COUNTERSEAL_PORT') });
  });
});

describe('counterseal presets', () => {
  beforeEach(() => offline('keys', 'create'));

  test('creates, shows, lists and deletes', async () => {
    const made = await json(
      'presets',
      'create',
      'web',
      '--unsigned',
      '--set',
      'folder=web',
      '--disallow-public-id',
    );
    const preset = {
      name: 'web',
      unsigned: true,
      external_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      settings: { disallow_public_id: true, folder: 'web' },
    };
    expect(made).toEqual(preset);
    expect(await json('presets', 'show', 'web')).toEqual(preset);
    expect(await json('presets', 'list')).toEqual({ presets: [preset] });
    expect(await offline('presets', 'create', 'web')).toMatchObject({ code: 1 });
    expect(await json('presets', 'delete', 'web')).toEqual({ message: 'deleted', name: 'web' });
    expect(await offline('presets', 'show', 'web')).toMatchObject({ code: 1 });
    expect(await offline('presets', 'delete', 'web')).toMatchObject({ code: 1 });
  });

  test('gives a preset without a name a random one', async () => {
    const { name } = await json('presets', 'create', '{"unsigned":true,"tags":["a","b"]}');
    expect(name).toMatch(/^[a-z0-9]{8,}$/);
    expect(await json('presets', 'show', String(name))).toMatchObject({ settings: { tags: 'a,b' } });
  });
});

test('presets of a data folder without a cloud are exit code 1', async () => {
  expect(await offline('presets', 'list')).toMatchObject({
    code: 1,
    err: expect.stringContaining('keys create'),
  });
});
