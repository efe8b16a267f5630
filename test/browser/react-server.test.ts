import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../support/commands.js';
import { tmpDir } from '../support/tmp-dir.js';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const script = `
import { createElement as h, version } from 'react';
import { renderToString } from 'react-dom/server';
import { CldUploadButton, CldUploadWidget } from '@counterseal/react';

let given;
const config = { cloudName: 'demo' };
const children = (args) => {
  given = args;
  return h('button', { disabled: args.isLoading }, 'Open');
};
const html = [
  renderToString(h(CldUploadWidget, { config, uploadPreset: 'open' }, children)),
  renderToString(h(CldUploadButton, { id: 'up', onSuccess() {} })),
];
const asked = [given.isLoading, given.isShowing(), given.widget === undefined, given.cloudinary === undefined];
console.log(JSON.stringify({ version, html, asked, hasDom: 'document' in globalThis }));
`;

/** A folder where the package is installed beside a version of React, as registries would have it. */
async function installed(react: string): Promise<string> {
  const { path, remove } = await tmpDir();
  onTestFinished(remove);
  const modules = join(path, 'node_modules');
  await mkdir(join(modules, '@counterseal/react'), { recursive: true });
  for (const name of ['package.json', 'dist'])
    await cp(root(`packages/react/${name}`), join(modules, '@counterseal/react', name), { recursive: true });
  await symlink(root('packages/widget'), join(modules, '@counterseal/widget'));
  for (const name of ['react', 'react-dom']) await symlink(root(`${react}/${name}`), join(modules, name));
  await writeFile(join(path, 'page.mjs'), script);
  return path;
}

test.each([
  ['19', 'node_modules'],
  ['18', 'test/frameworks/react-18/node_modules'],
])('React %s renders the components on a server, without a DOM', async (major, react) => {
  const cwd = await installed(react);
  const { stdout, stderr, code } = await runCommand(process.execPath, ['page.mjs'], { cwd });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(JSON.parse(stdout)).toEqual({
    version: expect.stringMatching(new RegExp(`^${major}\\.`)),
    html: ['<button disabled="">Open</button>', '<button type="button" id="up" disabled="">Upload</button>'],
    asked: [true, false, true, true],
    hasDom: false,
  });
});

test('the built file begins with what makes it a client component', async () => {
  const built = await readFile(root('packages/react/dist/index.js'), 'utf8');
  expect(built.split('\n', 1)).toEqual(["'use client';"]);
});
