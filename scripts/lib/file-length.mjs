import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './project.mjs';

/** Longest files allowed, in lines. Tests and contracts are tables and may be longer. */
const maxSourceLines = 400;
const maxTestLines = 800;

/** Files that are too long, as one part of the checks. */
export async function oversizedFiles(base = root) {
  const folders = [
    ...readdirSync(join(base, 'packages')).map((name) => join(base, 'packages', name, 'src')),
    join(base, 'scripts'),
  ];
  const long = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > maxLinesOf(path));
  const text = long
    .map(({ path, lines }) => `${relative(base, path)}: ${lines} lines, at most ${maxLinesOf(path)}`)
    .join('\n');
  return { code: long.length === 0 ? 0 : 1, text };
}

function maxLinesOf(path) {
  return /\.(test|contract)\.ts$/.test(path) ? maxTestLines : maxSourceLines;
}
