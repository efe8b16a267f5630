import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needlesFor, scanFolder } from './scan-files.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterseal-doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function leaksIn(name: string, text: string, secret = 'the-secret'): Promise<string[]> {
  const place = join(folder, name);
  await mkdir(place);
  await writeFile(join(place, 'app.js'), text);
  const { leaks } = await scanFolder(place, needlesFor({ apiKey: 'key', secret }));
  return leaks.map(({ file, line, what }) => `${file}:${line} ${what}`);
}

describe('what gives an account away', () => {
  test.each([
    ['the secret', 'a\nb("the-secret")', 'app.js:2 the secret of key key'],
    ['an address', 'cloudinary://123:abcdef@demo', 'app.js:1 a cloudinary://KEY:SECRET@CLOUD address'],
    [
      'an address of a key like a placeholder',
      'cloudinary://KEY7:abcdef@demo',
      expect.stringContaining('address'),
    ],
  ])('%s', async (name, text, leak) => {
    expect(await leaksIn(name, text)).toEqual([leak]);
  });

  test('a secret that is not ASCII', async () => {
    expect(await leaksIn('umlaut', 'x("geheimnis-ü-ж")', 'geheimnis-ü-ж')).toEqual([
      'app.js:1 the secret of key key',
    ]);
  });

  test.each([
    ['the documented form', 'cloudinary://KEY:SECRET@CLOUD'],
    ['another', 'cloudinary://API_KEY:API_SECRET@CLOUD_NAME'],
    ['a third', 'cloudinary://your_api_key:your_api_secret@your_cloud'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template, as source files hold it
    ['a template', 'cloudinary://${key}:${secret}@${cloud}'],
  ])('not a placeholder: %s', async (name, text) => {
    expect(await leaksIn(name, text)).toEqual([]);
  });
});

test('links are followed, in circles only once', async () => {
  const [site, elsewhere] = [join(folder, 'site'), join(folder, 'elsewhere')];
  await mkdir(site);
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'chunk.js'), 'the-secret');
  await symlink(join(elsewhere, 'chunk.js'), join(site, 'file.js'));
  await symlink(elsewhere, join(site, 'assets'));
  await symlink(site, join(elsewhere, 'back'));
  await symlink(join(folder, 'nowhere'), join(site, 'broken'));
  const { leaks, files } = await scanFolder(site, needlesFor({ apiKey: 'key', secret: 'the-secret' }));
  expect(leaks.map(({ file }) => file).sort()).toEqual(['assets/chunk.js', 'file.js']);
  expect(files).toBe(2);
});
