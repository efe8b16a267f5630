import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobStoreContract } from '../../ports/contracts/blob-store.contract.js';
import { DiskBlobStore } from './disk-blob-store.js';

const HOUR_MS = 3_600_000;
const unlimited = { maxBytes: Number.MAX_SAFE_INTEGER };
const temporaryFolder = () => mkdtemp(join(tmpdir(), 'counterseal-disk-'));

const openStore = async () => {
  const root = await temporaryFolder();
  const store = await DiskBlobStore.open(join(root, 'deep', 'data'));
  return {
    store,
    close: async () => {
      await store.close();
      await rm(root, { recursive: true });
    },
  };
};

/** A file system of 4 MiB of its own. */
const openSmall = async () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting a tmpfs needs root on Linux';
  const root = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'counterseal-test', root], { stdio: 'pipe' });
  } catch {
    await rm(root, { recursive: true });
    return 'a tmpfs cannot be mounted here';
  }
  const store = await DiskBlobStore.open(join(root, 'data'));
  return {
    store,
    close: async () => {
      await store.close();
      execFileSync('umount', [root]);
      await rm(root, { recursive: true });
    },
  };
};

blobStoreContract('disk', { open: openStore, openSmall });

describe('DiskBlobStore', () => {
  let root: string;
  let store: DiskBlobStore;
  beforeEach(async () => {
    root = await temporaryFolder();
    store = await DiskBlobStore.open(root);
  });
  afterEach(async () => {
    await store.close();
    await rm(root, { recursive: true });
  });

  async function* chunks(...texts: string[]) {
    for (const text of texts) yield Buffer.from(text);
  }
  const put = async (text: string) => {
    const key = store.newKey('original');
    await store.promote(await store.stage(chunks(text), unlimited), key);
    return key;
  };

  it('lays files out as staging/<name> and blobs/<xx>/<key>, for its own user only', async () => {
    const staged = await store.stage(chunks('ab', 'c'), unlimited);
    expect(staged.path).toBe(join(root, 'staging', staged.id));
    const key = store.newKey('derived');
    await store.promote(staged, key);
    expect(store.localPath(key)).toBe(join(root, 'blobs', key.slice(2, 4), key));
    expect(key).toMatch(/^d-[0-9a-f]{32}$/);
    expect((await lstat(store.localPath(key))).mode & 0o777).toBe(0o600);
    expect((await lstat(dirname(store.localPath(key)))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(root, 'staging'))).toEqual([]);
  });

  it('closes an adopted file to other users', async () => {
    const path = await store.scratchPath();
    await writeFile(path, 'x', { mode: 0o644 });
    const staged = await store.adopt(path);
    expect((await lstat(staged.path)).mode & 0o777).toBe(0o600);
  });

  it('finds everything again after a restart', async () => {
    const key = await put('kept');
    const again = await DiskBlobStore.open(root);
    expect(await again.stat(key)).toMatchObject({ bytes: 4 });
    await again.close();
  });

  it('follows no link planted in place of a blob', async () => {
    const key = await put('mine');
    const outside = join(root, 'outside.txt');
    await writeFile(outside, 'secret');
    await rm(store.localPath(key));
    await symlink(outside, store.localPath(key));
    expect(await store.read(key)).toBeNull();
    expect(await store.stat(key)).toBeNull();
    const staged = await store.stage(chunks('new'), unlimited);
    await expect(store.promote(staged, key)).rejects.toThrow('blob key exists');
    await store.delete(key);
    expect((await lstat(outside)).size).toBe(6);
  });

  it('follows no link planted in place of a folder', async () => {
    const key = await put('mine');
    const shard = dirname(store.localPath(key));
    await rename(shard, join(root, 'elsewhere'));
    await symlink(join(root, 'elsewhere'), shard);
    const fresh = await DiskBlobStore.open(root);
    await expect(fresh.read(key)).rejects.toThrow('not a folder');
    await expect(fresh.delete(key)).rejects.toThrow('not a folder');
    expect(await readdir(join(root, 'elsewhere'))).toEqual([key]);
    await fresh.close();
  });

  it('follows no link planted in staging', async () => {
    const path = await store.scratchPath();
    await symlink('/etc/hostname', path);
    await expect(store.adopt(path)).rejects.toThrow();
  });

  it('ignores files that it did not make', async () => {
    const key = await put('mine');
    const shard = dirname(store.localPath(key));
    await writeFile(join(shard, '.DS_Store'), '');
    await writeFile(join(root, 'staging', 'README'), '');
    await mkdir(join(root, 'blobs', 'lost+found'));
    // A well-formed key in the wrong folder could not be read back: it is not ours either.
    const wrong = `o-${key.slice(2, 4) === '00' ? 'ff' : '00'}${'0'.repeat(30)}`;
    await writeFile(join(shard, wrong), '');
    const keys: string[] = [];
    for await (const found of store.list({ beforeMs: Date.now() + HOUR_MS })) keys.push(found);
    expect(keys).toEqual([key]);
    expect(await store.sweepStaging(Date.now() + HOUR_MS)).toBe(0);
  });

  it('counts the age of a blob from its promotion, not from an upload that began long before', async () => {
    const staged = await store.stage(chunks('slow'), unlimited);
    const longAgo = new Date(Date.now() - 100 * HOUR_MS);
    await utimes(staged.path, longAgo, longAgo);
    await store.promote(staged, store.newKey('original'));
    for await (const key of store.list({ beforeMs: Date.now() - HOUR_MS })) expect(key).toBe('none');
  });

  it('takes nothing in below the free space that must stay, and leaves nothing of it', async () => {
    const low = await DiskBlobStore.open(root, { minFreeBytes: Number.MAX_SAFE_INTEGER });
    expect([await low.hasRoom(), await store.hasRoom()]).toEqual([false, true]);
    await expect(low.stage(chunks('no room'), unlimited)).rejects.toMatchObject({
      name: 'StorageFullError',
      message: expect.stringMatching(/^\d+ bytes are free, 9007199254740991 must stay$/),
    });
    expect(await readdir(join(root, 'staging'))).toEqual([]);
    // What is there already can be read, kept and removed.
    const key = await put('mine');
    expect(await low.stat(key)).toMatchObject({ bytes: 4 });
    await low.delete(key);
    expect(await low.stat(key)).toBeNull();
    await low.close();
  });

  it('lets go of every descriptor', async () => {
    if (process.platform !== 'linux') return;
    const openFiles = async () => {
      const targets = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      );
      return targets.filter((target) => target.startsWith(root)).length;
    };
    const key = await put('x'.repeat(500_000));
    const controller = new AbortController();
    const aborted = await store.read(key, { signal: controller.signal });
    const cancelled = await store.read(key);
    const whole = await store.read(key);
    expect(await openFiles()).toBe(3);
    controller.abort();
    await cancelled?.cancel();
    for await (const _ of whole ?? []) void _;
    await expect(aborted?.getReader().read()).rejects.toThrow();
    await store.stage(failing(), unlimited).catch(() => undefined);
    await expect.poll(openFiles).toBe(0);
  });

  async function* failing() {
    yield randomBytes(3_000_000);
    throw new Error('broken');
  }
});
