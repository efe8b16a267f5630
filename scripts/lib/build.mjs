import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureBundled } from './bundle.mjs';
import { root, say } from './project.mjs';
import { runNode } from './run.mjs';
import { ensureSveltePackaged } from './svelte-package.mjs';

const compiler = 'node_modules/typescript/bin/tsc';

/** Its time is the start of the last build that succeeded. */
const stamp = join(root, 'node_modules/.cache/counterseal-build');

/** Compiles what changed, bundles the widget, packages components. Ends the process when the sources do not compile. */
export async function ensureBuilt() {
  if ((isCurrent() || (await compile())) && (await ensureSveltePackaged())) return;
  say('the build failed; see the messages above');
  process.exit(1);
}

async function compile() {
  say('building ...');
  const startedAt = new Date();
  const { code } = await runNode(compiler, ['-b']);
  if (code !== 0 || !(await ensureBundled())) return false;
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
  return true;
}

/** Nothing is newer than the last build. Spares the second that starting the compiler takes. */
function isCurrent() {
  const builtAtMs = modifiedAtMs(stamp);
  return (
    modifiedAtMs(join(root, 'tsconfig.base.json')) < builtAtMs &&
    existsSync(join(root, 'packages/widget/dist/bundle/upload.js')) &&
    projects().every((folder) => {
      const inputs = [join(folder, 'tsconfig.json'), ...filesBelow(join(folder, 'src'))];
      return existsSync(join(folder, 'dist')) && inputs.every((path) => modifiedAtMs(path) < builtAtMs);
    })
  );
}

/** The folders that the root's tsconfig.json names: what `tsc -b` builds. */
function projects() {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return references.map(({ path }) => join(root, path));
}

/** Files and folders: removing a file changes only its folder. */
function filesBelow(folder) {
  const below = readdirSync(folder, { recursive: true, withFileTypes: true });
  return [folder, ...below.map((entry) => join(entry.parentPath ?? entry.path, entry.name))];
}

function modifiedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
