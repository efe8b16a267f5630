import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPackageFiles } from './package-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterseal-files-'));
  await mkdir(join(folder, 'inside/parts'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'no');
  await writeFile(join(folder, 'inside/.hidden'), 'no');
  await writeFile(join(folder, 'inside/a.js'), 'one');
  await writeFile(join(folder, 'inside/parts/b.js'), 'two');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['a.js', 'one'],
  ['parts/b.js', 'two'],
])('%s', async (name, text) => {
  const file = await openPackageFiles(join(folder, 'inside')).read(name);
  expect(file?.bytes.toString()).toBe(text);
  expect(gunzipSync(file?.gzipped ?? '').toString()).toBe(text);
});

test.each([
  '../secret.txt',
  'parts/../../secret.txt',
  '.hidden',
  'parts',
  '/etc/passwd',
  '',
  'a.js/',
  'none.js',
])('%j is nothing', async (name) => {
  expect(await openPackageFiles(join(folder, 'inside')).read(name)).toBeNull();
});

test('a file that changed is read again', async () => {
  const files = openPackageFiles(join(folder, 'inside'));
  const before = await files.read('a.js');
  expect(await files.read('a.js')).toBe(before);
  await writeFile(join(folder, 'inside/a.js'), 'new');
  await utimes(join(folder, 'inside/a.js'), new Date(), new Date(Date.now() + 5000));
  const after = await files.read('a.js');
  expect(after?.bytes.toString()).toBe('new');
  expect(after?.etag).not.toBe(before?.etag);
});
