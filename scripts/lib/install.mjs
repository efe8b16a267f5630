import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './project.mjs';
import { run, runNode } from './run.mjs';

/** Runs `npm ci` unless node_modules already holds what package-lock.json asks for. Ends the process when that fails. */
export async function ensureInstalled() {
  const reason = whyInstall(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'));
  if (reason === null) return;
  say(`installing packages (${reason}); the first time takes about a minute ...`);
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const { code } = npm?.endsWith('.js') ? await runNode(npm, args) : await run('npm', args);
  if (code === 0) return;
  say(`'npm ci' failed (exit code ${code}); see its messages above`);
  process.exit(1);
}

/**
 * Why an install is needed, or null. `installed` is the list that npm leaves in node_modules when an install has finished, so an
 * interrupted one counts as none. Optional packages may be absent: they belong to other platforms.
 */
export function whyInstall(wanted, installed) {
  if (installed === null) return 'node_modules is missing';
  for (const [path, entry] of Object.entries(wanted?.packages ?? {})) {
    if (path === '') continue;
    const present = installed.packages?.[path];
    if (present === undefined ? !entry.optional : present.version !== entry.version)
      return `${path.replace(/^.*node_modules\//, '')} is not as in package-lock.json`;
  }
  return null;
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch {
    return null;
  }
}
