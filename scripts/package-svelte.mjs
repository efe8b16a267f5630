import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/project.mjs';
import { runNode } from './lib/run.mjs';

/*
 * Packages @counterseal/svelte: components stay components, compiled by the Svelte of whoever uses them; TypeScript becomes
 * JavaScript with types beside it. Tests are left out.
 */
const here = join(root, 'packages/svelte');
const work = `dist-${process.pid}`;

try {
  const { code, text } = await runNode(
    join(root, 'node_modules/@sveltejs/package/svelte-package.js'),
    ['--input', 'src', '--output', work, '--tsconfig', 'tsconfig.json'],
    { output: 'collect', cwd: here },
  );
  if (code !== 0) {
    process.stderr.write(text);
    process.exitCode = 1;
  } else {
    const names = readdirSync(join(here, work), { recursive: true });
    for (const name of names) if (/\.test\.(js|d\.ts)$/.test(name)) rmSync(join(here, work, name));
    // What TypeScript cannot describe is left out without a word.
    const untyped = names.find((name) => name.endsWith('.svelte') && !names.includes(`${name}.d.ts`));
    if (untyped !== undefined) throw new Error(`${untyped} has no types: run svelte-check with declarations`);
    // In one step: somebody may be reading.
    rmSync(join(here, 'dist'), { recursive: true, force: true });
    renameSync(join(here, work), join(here, 'dist'));
  }
} finally {
  rmSync(join(here, work), { recursive: true, force: true });
  rmSync(join(here, '.svelte-kit'), { recursive: true, force: true });
}
