import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CommandResult, runCommand } from './commands.js';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A page of the documentation, by its path in the repository. */
export function readDoc(path: string): string {
  return readFileSync(root(path), 'utf8');
}

/** The code blocks of a page that say how they are run: `<!-- runs: NAME -->` above the fence. */
export function blocksOf(page: string): Map<string, string> {
  const found = page.matchAll(/<!-- runs: (\S+) -->\n```\w+\n([\s\S]*?)```/g);
  return new Map([...found].map(([, name = '', code = '']) => [name, code]));
}

/** One block of a page; a page without it is a mistake. */
export function blockOf(path: string, name: string): string {
  const code = blocksOf(readDoc(path)).get(name);
  if (code === undefined) throw new Error(`${path} has no block '${name}'`);
  return code;
}

/** Runs shell lines as they are written, where `npx counterseal` is the command that npm has linked, on the data of a server. */
export function runShell(
  lines: string,
  { data, env = {}, cwd }: { data: string; env?: NodeJS.ProcessEnv; cwd?: string },
): Promise<CommandResult> {
  const npx = `npx() { shift; '${root('node_modules/.bin/counterseal')}' "$@"; }\n`;
  return runCommand('bash', ['-eo', 'pipefail', '-c', npx + lines], {
    env: { ...process.env, COUNTERSEAL_DATA: data, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
}
