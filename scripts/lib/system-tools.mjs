import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './project.mjs';
import { run } from './run.mjs';

/** Programs some tests need, and the Debian package that has them. Tests look for the program and are skipped without it. */
const tools = [
  { command: 'strace', debianPackage: 'strace', usedBy: 'the system-call trace of an upload' },
  { command: 'chromium', debianPackage: 'chromium', usedBy: 'the browser tests of the widgets' },
];

/** Installs missing tools where we may (root on Debian); elsewhere says which tests will be skipped. Never fails the run. */
export async function ensureSystemTools() {
  const missing = tools.filter((tool) => !hasCommand(tool.command));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && hasCommand('apt-get')) {
    const names = missing.map((tool) => tool.debianPackage);
    say(`installing ${names.join(', ')} with apt-get ...`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env });
  }
  for (const tool of missing.filter((each) => !hasCommand(each.command)))
    say(`${tool.command} is not installed: skipping ${tool.usedBy}`);
}

function hasCommand(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
