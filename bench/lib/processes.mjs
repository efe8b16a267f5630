import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/project.mjs';
import { findCommand } from './tools.mjs';

/** Servers run on the first core, the load generator (this process) on the second; `null` leaves a process on all of them. */
export const serverCore = 0;

export const account = { cloud: 'bench', apiKey: 'bench-key', apiSecret: 'bench-secret-of-16-and-more' };

/** Whatever still runs when this process ends, for whatever reason, ends with it. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

const startTimeoutMs = 60_000;

/**
 * Runs a program until `stop()`, waits until it prints a line that `ready` matches and answers what that captured.
 * The program gets a folder of its own as its last argument; it goes when the program stops.
 */
async function start(program, args, { ready, core = serverCore, env = {} }) {
  const folder = await mkdtemp(join(tmpdir(), 'counterseal-bench-'));
  const pinned = core !== null && findCommand('taskset') !== null;
  const [command, ...rest] = [...(pinned ? ['taskset', '-c', String(core)] : []), program, ...args(folder)];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, MALLOC_ARENA_MAX: '2', ...env },
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let log = '';
  const captured = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        if (log.length < 100_000) log += text;
        const found = ready.exec(log);
        if (found !== null) resolve(found[1]);
      });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${log}`)));
    setTimeout(() => reject(new Error(`${program} was not ready in time:\n${log}`)), startTimeoutMs).unref();
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { url: await captured, pid: child.pid, child, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The built product, as `counterseal serve` starts it. */
export function startCounterseal(options = {}) {
  const { cloud, apiKey, apiSecret } = account;
  const command = join(root, 'packages/cli/dist/main.js');
  return start(process.execPath, (folder) => [command, 'serve', '--port', '0', '--data', folder], {
    ready: /^Counterseal is listening on (http\S+?)\/?$/m,
    env: { COUNTERSEAL_BOOTSTRAP: `cloudinary://${apiKey}:${apiSecret}@${cloud}` },
    ...options,
  });
}

/** One of the programs in bench/peers; it prints `ready ADDRESS`. */
export function startPeer(script, args = [], options = {}) {
  const path = join(root, 'bench/peers', script);
  return start(process.execPath, (folder) => [path, ...args, folder], {
    ready: /^ready (\S+)$/m,
    ...options,
  });
}

/** Any other program, for example nginx. */
export const startProgram = start;
