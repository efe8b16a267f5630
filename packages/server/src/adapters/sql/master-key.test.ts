import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMasterKey, MasterKeyError } from './master-key.js';

const bytes = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i * 7));

describe('loadMasterKey', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterseal-key-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const load = (fromEnvironment: string | null = null, dataDir = folder) =>
    loadMasterKey({ dataDir, fromEnvironment });

  it.each([
    ['hex', bytes.toString('hex')],
    ['upper-case hex', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64')],
    ['base64 without padding', bytes.toString('base64').replace('=', '')],
    ['base64url', bytes.toString('base64url')],
    ['a line end', `${bytes.toString('hex')}\n`],
  ])('reads %s from the environment and touches no file', async (_, text) => {
    expect(await load(text)).toEqual(bytes);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['', 'short', 'g'.repeat(64), 'a'.repeat(63), Buffer.alloc(33, 9).toString('base64')])(
    'refuses %j from the environment without repeating it',
    async (text) => {
      const refused = load(text);
      await expect(refused).rejects.toBeInstanceOf(MasterKeyError);
      if (text !== '') await expect(refused).rejects.not.toThrow(text);
    },
  );

  it('makes a file that only the owner can read, and finds it again', async () => {
    const dataDir = join(folder, 'new', 'data');
    const made = await load(null, dataDir);
    expect(made).toHaveLength(32);
    expect(await load(null, dataDir)).toEqual(made);
    expect(await readdir(dataDir)).toEqual(['master.key']);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataDir, 'master.key'), 'utf8')).toBe(`${made.toString('hex')}\n`);
  });

  it.each([0o640, 0o604, 0o660, 0o622, 0o644])('refuses a file of mode %o', async (mode) => {
    await load();
    await chmod(join(folder, 'master.key'), mode);
    await expect(load()).rejects.toThrow(MasterKeyError);
    await expect(load()).rejects.toThrow('chmod 600');
  });

  it.each(['', 'half a key', `${'0'.repeat(64)}0`])(
    'refuses a file with %j and leaves it alone',
    async (text) => {
      const path = join(folder, 'master.key');
      await writeFile(path, text, { mode: 0o600 });
      await expect(load()).rejects.toThrow(MasterKeyError);
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  it('does not follow a link', async () => {
    await load();
    await symlink(join(folder, 'master.key'), join(folder, 'link'));
    const dataDir = await mkdtemp(join(folder, 'd'));
    await symlink(join(folder, 'master.key'), join(dataDir, 'master.key'));
    await expect(load(null, dataDir)).rejects.toThrow();
  });

  it('agrees with others that start at the same moment', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => load()));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(folder)).toEqual(['master.key']);
  });
});
