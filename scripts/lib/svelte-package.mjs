import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './project.mjs';
import { runNode } from './run.mjs';

const here = join(root, 'packages/svelte');
const program = join(root, 'scripts/package-svelte.mjs');

/** Packages @counterseal/svelte when it changed. Needs what `tsc -b` makes. Answers whether it is there. */
export async function ensureSveltePackaged() {
  if (isCurrent()) return true;
  say('packaging @counterseal/svelte ...');
  return (await runNode(program, [])).code === 0;
}

function isCurrent() {
  const packagedAtMs = modifiedAtMs(join(here, 'dist/index.js'));
  const below = readdirSync(join(here, 'src'), { recursive: true }).map((name) => join(here, 'src', name));
  const inputs = [
    program,
    join(here, 'tsconfig.json'),
    join(here, 'svelte.config.js'),
    join(here, 'src'),
    ...below,
  ];
  return inputs.every((path) => modifiedAtMs(path) <= packagedAtMs);
}

function modifiedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
