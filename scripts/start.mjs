import { spawn } from 'node:child_process';
import { ensureBuilt } from './lib/build.mjs';
import { commandPath, ensureCommandBundled } from './lib/command-bundle.mjs';
import { ensureInstalled } from './lib/install.mjs';

/*
 * `npm start -- [--data DIR] [--host H] [--port P]`: from a bare clone to a running server.
 * Signals are passed on and the exit code comes back, so Ctrl-C drains the server and ends with 0.
 */
await ensureInstalled();
await ensureBuilt();
await ensureCommandBundled();

const server = spawn(
  process.execPath,
  [commandPath(), 'serve', ...process.argv.slice(2)],
  // glibc reads this when a process starts: fewer arenas keep image work from fragmenting the heap.
  { stdio: 'inherit', env: { MALLOC_ARENA_MAX: '2', ...process.env } },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.on('error', (error) => {
  process.stderr.write(`counterseal: ${error.message}\n`);
  process.exitCode = 1;
});
server.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
