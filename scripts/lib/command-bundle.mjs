import { statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';
import { runNode } from './run.mjs';

/** Folder of the bundled command. */
export const commandBundle = join(root, 'packages/cli/dist/bundle');
const program = join(root, 'scripts/bundle-command.mjs');
const modules = join(root, 'packages/cli/dist/main.js');
const bundled = join(commandBundle, 'main.js');

/** The packages in the bundle; the compiler touches this file of theirs when it changes anything. */
const compiled = ['cli', 'server', 'signer', 'protocol'].map((name) =>
  join(root, `packages/${name}/dist/.tsbuildinfo`),
);

/** Bundles the command when it was compiled anew. Answers whether it is there. */
export async function ensureCommandBundled() {
  return isCurrent() || (await runNode(program, [])).code === 0;
}

/** The command to run: the bundle, unless something was compiled since. */
export function commandPath() {
  return isCurrent() ? bundled : modules;
}

function isCurrent() {
  const { mtimeMs = 0 } = statSync(bundled, { throwIfNoEntry: false }) ?? {};
  return [program, ...compiled].every(
    (path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < mtimeMs,
  );
}
