import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ensureBundled } from './bundle.mjs';
import { root } from './project.mjs';

/** Gzipped bytes that a page may have to load. The first is what every page loads; parts come when they are needed. */
const budgets = [
  [/^upload\.js$/, 30_000],
  [/^parts\/locale-.*\.js$/, 3_000],
  [/^parts\/.*\.js$/, 4_000],
];

/** Bundles of the widget above their budget, as one part of the checks. */
export async function oversizedBundles() {
  if (!(await ensureBundled())) return { code: 1, text: 'the widget could not be bundled' };
  const folder = join(root, 'packages/widget/dist/bundle');
  if (!existsSync(folder)) return { code: 0, text: '' };
  const lines = readdirSync(folder, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .flatMap((name) => {
      const budget = budgets.find(([pattern]) => pattern.test(name))?.[1];
      if (budget === undefined) return [];
      const bytes = gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
      return bytes > budget ? [`${name}: ${bytes} bytes gzipped, at most ${budget}`] : [];
    });
  return { code: lines.length === 0 ? 0 : 1, text: lines.join('\n') };
}
