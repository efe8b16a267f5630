import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const skipped = new Set(['node_modules', 'dist', '.git', '.tmp', 'counterseal-data']);

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Links and pictures that lead to a file here; code is no text. */
function linksOf(page: string): string[] {
  const prose = page.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Files that a page names by their path in the repository. */
function filesNamedIn(page: string): string[] {
  return [
    ...page.matchAll(/`((?:packages|test|scripts|docs|examples)\/[\w./-]+\.(?:ts|mjs|js|md|html))`/g),
  ].map(([, path = '']) => path);
}

describe('links between pages', () => {
  const pages = pagesBelow(root);

  test('there are pages with links', () => {
    expect(pages.flatMap((path) => linksOf(readFileSync(path, 'utf8'))).length).toBeGreaterThan(30);
  });

  test.each(pages.map((path) => relative(root, path)))('%s leads nowhere that is not there', (path) => {
    const targets = linksOf(readFileSync(join(root, path), 'utf8'));
    expect(targets.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
    const named = filesNamedIn(readFileSync(join(root, path), 'utf8'));
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
