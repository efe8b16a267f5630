import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Md5Worker } from './md5-worker.js';

let folder: string;
let worker: Md5Worker;
let file: FileHandle;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterseal-md5-'));
  worker = new Md5Worker();
  file = await open(join(folder, 'file'), 'wx+');
});
afterEach(async () => {
  await worker.close();
  await file.close();
  await rm(folder, { recursive: true });
});
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

it('hashes a file while it grows, as far as it is told', async () => {
  const bytes = randomBytes(900_000);
  const hash = worker.begin(file.fd);
  for (let at = 0; at < 900_000; at += 300_000) {
    await file.write(bytes, at, 300_000, at);
    hash.advance(at + 300_000);
  }
  await file.write(Buffer.from('written, but not told'), 0, null, 900_000);
  expect(await hash.digest(900_000)).toBe(md5(bytes));
});

it('keeps many files apart', async () => {
  const all = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const bytes = randomBytes(100_000 + index);
      const own = await open(join(folder, String(index)), 'wx+');
      await own.write(bytes);
      const hash = worker.begin(own.fd);
      hash.advance(50_000);
      return { bytes, own, hash };
    }),
  );
  for (const { bytes, own, hash } of all) {
    expect(await hash.digest(bytes.length)).toBe(md5(bytes));
    await own.close();
  }
});

it('rejects when the file is shorter than told', async () => {
  await file.write(randomBytes(10));
  await expect(worker.begin(file.fd).digest(11)).rejects.toThrow('hashing failed');
});

it('rejects what is waited for when the thread ends, and starts a new one', async () => {
  const bytes = randomBytes(20_000_000);
  await file.write(bytes);
  const lost = worker.begin(file.fd).digest(bytes.length);
  const outcome = expect(lost).rejects.toThrow('the hash worker ended');
  await worker.close();
  await outcome;
  expect(await worker.begin(file.fd).digest(bytes.length)).toBe(md5(bytes));
});

it('forgets what was abandoned', async () => {
  await file.write(randomBytes(10));
  const hash = worker.begin(file.fd);
  hash.advance(10);
  hash.abandon();
  expect(await worker.begin(file.fd).digest(0)).toBe(md5(Buffer.alloc(0)));
});
