import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

/*
 * A rule that never fires protects nothing. Here a small tree in the shape of this repository is clean at first; then every rule
 * gets one planted violation and must name it.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const execute = promisify(execFile);

const server = 'packages/server/src';
const clean: Record<string, string> = {
  'packages/protocol/src/index.ts': "export { sign } from './signature/sign.js';",
  'packages/protocol/src/signature/sign.ts': "import { hash } from './digest.js';\nexport const sign = hash;",
  'packages/protocol/src/signature/digest.ts': "export { sha1 as hash } from '@noble/hashes/legacy.js';",
  'packages/protocol/src/signature/digest.node.ts': "export { hash } from 'node:crypto';",
  'packages/protocol/src/fast.ts':
    "import { hash } from './signature/digest.node.js';\nexport const fast = hash;",
  [`${server}/ports/clock.ts`]:
    "import type { sign } from '@counterseal/protocol';\nexport type Clock = typeof sign;",
  [`${server}/services/store.ts`]:
    "import type { Clock } from '../ports/clock.js';\nexport type Store = Clock;",
  [`${server}/handlers/upload.ts`]:
    "import type { Store } from '../services/store.js';\nexport type Upload = Store;",
  [`${server}/http/edge.ts`]: "import fastify from 'fastify';\nexport const edge = fastify;",
  [`${server}/adapters/sql/clock.ts`]: "import { Kysely } from 'kysely';\nexport const sqlClock = Kysely;",
  [`${server}/adapters/disk/blobs.ts`]:
    "import { open } from 'node:fs/promises';\nexport const blobs = open;",
  [`${server}/compose/adapters.ts`]: "export { sqlClock } from '../adapters/sql/clock.js';",
  [`${server}/compose/serve.ts`]:
    "import type { Upload } from '../handlers/upload.js';\nimport { sqlClock } from './adapters.js';\nexport const composed: Upload = sqlClock;",
  [`${server}/services/planted-cycle.ts`]: "import type {} from './planted-circle.js';",
  [`${server}/config/load.ts`]: 'export const home = process.env.HOME;',
  [`${server}/index.ts`]: "export { composed } from './compose/serve.js';",
  'packages/cli/src/main.ts':
    "import { composed } from '@counterseal/server';\nexport const main = composed;",
  'test/wire/upload.test.ts': "import { sign } from '@counterseal/protocol';\nexport const signed = sign;",
};

/** Rule -> the file that breaks it. */
const importPlants: Record<string, readonly [path: string, text: string]> = {
  'protocol-is-pure': ['packages/protocol/src/planted.ts', "import 'node:fs';"],
  'digest-imports-one-hash': [
    'packages/protocol/src/signature/digest.ts',
    "export { hash } from 'node:crypto';",
  ],
  'node-digest-imports-crypto': [
    'packages/protocol/src/signature/digest.node.ts',
    "import '@noble/hashes/legacy.js';\nexport { hash } from 'node:crypto';",
  ],
  'signer-imports-protocol': ['packages/signer/src/planted.ts', "import 'node:crypto';"],
  'ports-import-ports': [`${server}/ports/planted.ts`, "import '../config/load.js';"],
  'services-know-no-edge': [
    `${server}/services/planted.ts`,
    "import type { edge } from '../http/edge.js';\nexport type A = typeof edge;",
  ],
  'handlers-call-services': [`${server}/handlers/planted.ts`, "import 'node:fs/promises';"],
  'edge-knows-no-adapter-library': [`${server}/http/planted.ts`, "import 'kysely';"],
  'only-compose-imports-adapters': [`${server}/http/planted-too.ts`, "import '../adapters/sql/clock.js';"],
  'adapters-serve-ports': [`${server}/adapters/sql/planted.ts`, "import '../../services/store.js';"],
  'adapters-stand-alone': [`${server}/adapters/sql/planted-too.ts`, "import '../disk/blobs.js';"],
  'packages-point-down': [`${server}/planted.ts`, "import '../../cli/src/main.js';"],
  'packages-by-their-entry': ['packages/cli/src/planted.ts', "import '../../server/src/compose/serve.js';"],
  'browser-packages-import-no-server': ['packages/widget/src/planted.ts', "import '@counterseal/server';"],
  'svelte-imports-widget': ['packages/svelte/src/planted.ts', "import 'fastify';"],
  'react-imports-widget': ['packages/react/src/planted.ts', "import '@counterseal/protocol';"],
  'black-box-tests': [
    'test/wire/planted.test.ts',
    "import '../../packages/server/src/app.js';\nimport '@counterseal/server';",
  ],
  'no-cycles': [`${server}/services/planted-circle.ts`, "import './planted-cycle.js';"],
};

/** Further ways to break a rule that must be seen too. */
const morePlants: Record<string, string> = {
  [`${server}/services/planted-adapter.ts`]: "import '../adapters/sql/clock.js';",
  [`${server}/services/planted-sharp.ts`]: "import 'sharp';",
  [`${server}/compose/planted.ts`]: "import '../adapters/sql/clock.js';",
  [`${server}/handlers/planted-sql.ts`]: "import 'kysely';",
};

const lintPlants: Record<string, readonly [path: string, text: string]> = {
  noProcessEnv: [`${server}/services/planted-env.ts`, 'export const secret = process.env.SECRET;'],
  noReExportAll: [`${server}/services/planted-star.ts`, "export * from './store.js';"],
  noDefaultExport: [`${server}/services/planted-default.ts`, 'export default 1;'],
  useFilenamingConvention: [`${server}/services/PlantedName.ts`, 'export const name = 1;'],
  noExplicitAny: [`${server}/services/planted-any.ts`, 'export const value: any = 1;'],
  noNonNullAssertion: [
    `${server}/services/planted-bang.ts`,
    'export const value = (text?: string) => text!;',
  ],
  noEnum: [`${server}/services/planted-enum.ts`, 'export enum Kind {\n  One,\n}'],
};

/** Three programs are run over the tree; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

let tree: string;
beforeAll(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'counterseal-rules-')));
  for (const name of ['biome.json', 'tsconfig.base.json', '.gitignore'])
    cpSync(join(root, name), join(tree, name));
  for (const [path, text] of Object.entries(clean)) write(path, text);
  for (const name of ['fastify', 'kysely', 'sharp']) library(name);
  write('node_modules/@noble/hashes/legacy.js', 'export const sha1 = 1;');
  for (const name of ['protocol', 'server', 'cli', 'widget']) {
    write(`packages/${name}/package.json`, `{"name":"@counterseal/${name}","exports":"./dist/index.js"}`);
    write(`packages/${name}/dist/index.js`, 'export const sign = 1, composed = 1;');
    mkdirSync(join(tree, 'node_modules/@counterseal'), { recursive: true });
    symlinkSync(join(tree, 'packages', name), join(tree, 'node_modules/@counterseal', name));
  }
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('import rules', () => {
  test('a tree that keeps the rules is clean', async () => {
    expect(await violations()).toEqual([]);
  });

  test('each rule sees its planted violation', async () => {
    expect(Object.keys(importPlants).sort()).toEqual(ruleNames());
    for (const [path, text] of Object.values(importPlants)) write(path, text);
    for (const [path, text] of Object.entries(morePlants)) write(path, text);
    const found = await violations();
    const expected = Object.entries(importPlants).map(([rule, [path]]) => `${rule}: ${path}`);
    expect(found).toEqual(expect.arrayContaining(expected));
    for (const path of Object.keys(morePlants)) expect(found.join('\n')).toContain(path);
  });
});

describe('lint rules', () => {
  test('each rule sees its planted violation', async () => {
    for (const [path, text] of Object.values(lintPlants)) write(path, text);
    const found = await lint();
    const expected = Object.entries(lintPlants).map(([rule, [path]]) => `${rule}: ${path}`);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(found).not.toContain(`noProcessEnv: ${server}/config/load.ts`);
  });
});

function write(path: string, text: string): void {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function library(name: string): void {
  write(`node_modules/${name}/package.json`, `{"name":"${name}","main":"index.js"}`);
  write(`node_modules/${name}/index.js`, 'module.exports = 1;');
}

function ruleNames(): string[] {
  const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    forbidden: { name: string }[];
  };
  return config.forbidden.map((rule) => rule.name).sort();
}

/** `rule: file` for everything dependency-cruiser objects to. */
async function violations(): Promise<string[]> {
  const output = await runNode('node_modules/dependency-cruiser/bin/dependency-cruise.mjs', [
    ...['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'packages', 'test'],
  ]);
  const { summary } = JSON.parse(output) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
}

/** `rule: file` for everything biome objects to. */
async function lint(): Promise<string[]> {
  const output = await runNode('node_modules/@biomejs/biome/bin/biome', [
    ...['lint', '--reporter=github', '--max-diagnostics=none', '.'],
  ]);
  const lines = output.matchAll(/^::error title=lint\/\w+\/(\w+),file=([^,]+),/gm);
  return [...lines].map(([, rule, file = '']) => `${rule}: ${relative(tree, resolve(tree, file))}`);
}

/** What a program printed, whatever its exit code: finding something is a failure to it. */
function runNode(script: string, args: readonly string[]): Promise<string> {
  return execute(process.execPath, [join(root, script), ...args], { cwd: tree, maxBuffer: 2 ** 26 }).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
}
