import { oversizedFiles } from './lib/file-length.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runNode } from './lib/run.mjs';
import { ensureSveltePackaged } from './lib/svelte-package.mjs';
import { oversizedBundles } from './lib/widget-size.mjs';

/*
 * `npm run check`: everything that can be checked without running the product. One line for each part; what a failed part
 * printed stands below it.
 */
const node = (script, ...args) => runNode(script, args, { output: 'collect' });
const tsc = 'node_modules/typescript/bin/tsc';

/** Built, and as registries and bundlers want it. */
const publishable = async (folder, build) =>
  (await build()) ? node('node_modules/publint/src/cli.js', folder, '--strict') : { code: 1, text: '' };

const parts = [
  ['format and lint', () => node('node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off', '.')],
  ['types', () => node(tsc, '-b')],
  ['types of tests', () => node(tsc, '-p', 'tsconfig.test.json')],
  ['types of browser tests', () => node(tsc, '-p', 'packages/widget/tsconfig.test.json')],
  [
    'types of Svelte components',
    () =>
      runNode('../../node_modules/svelte-check/bin/svelte-check', ['--tsconfig', 'tsconfig.json'], {
        output: 'collect',
        cwd: 'packages/svelte',
      }),
  ],
  ['package @counterseal/svelte', () => publishable('packages/svelte', ensureSveltePackaged)],
  ['types of React parts', () => node(tsc, '-p', 'packages/react/tsconfig.test.json')],
  ['package @counterseal/react', () => publishable('packages/react', async () => true)],
  ['widget core without DOM', () => node(tsc, '-p', 'packages/widget/tsconfig.core.json')],
  [
    'import rules',
    () =>
      node(
        'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
        ...[
          '--config',
          '.dependency-cruiser.cjs',
          '--output-type',
          'err-long',
          'packages',
          'test',
          'scripts',
        ],
      ),
  ],
  ['dead code', () => node('node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints')],
  ['generated docs', () => node('scripts/docs.mjs', '--check')],
  ['file length', oversizedFiles],
  ['widget size', oversizedBundles],
];

await ensureInstalled();
const failed = [];
for (const [name, check] of parts) {
  const { code, text } = await check();
  process.stdout.write(`${name}: ${code === 0 ? 'ok' : 'FAILED'}\n`);
  if (code === 0) continue;
  failed.push(name);
  process.stdout.write(`${text.trimEnd().replaceAll(/^/gm, '    ')}\n`);
}
process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
