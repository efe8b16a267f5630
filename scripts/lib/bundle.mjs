import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';
import { runNode } from './run.mjs';

const widget = join(root, 'packages/widget');
const program = join(root, 'scripts/bundle-widget.mjs');

/** Bundles the widget for browsers when it was compiled anew. Answers whether it is there. */
export async function ensureBundled() {
  return isCurrent() || (await runNode(program, [])).code === 0;
}

function isCurrent() {
  const bundle = statSync(join(widget, 'dist/bundle/upload.js'), { throwIfNoEntry: false });
  if (bundle === undefined) return false;
  const compiled = readdirSync(join(widget, 'dist'), { recursive: true })
    .filter((name) => name.endsWith('.js') && !name.startsWith('bundle'))
    .map((name) => join(widget, 'dist', name));
  return [program, ...compiled].every((path) => statSync(path).mtimeMs <= bundle.mtimeMs);
}
