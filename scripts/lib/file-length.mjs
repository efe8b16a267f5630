import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './project.mjs';

/** Longest source file allowed, in lines. */
const maxLines = 400;

/** Source files above {@link maxLines}, as one part of the checks. */
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
    .filter(({ lines }) => lines > maxLines);
  const text = long
    .map(({ path, lines }) => `${relative(base, path)}: ${lines} lines, at most ${maxLines}`)
    .join('\n');
  return { code: long.length === 0 ? 0 : 1, text };
}
