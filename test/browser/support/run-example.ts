import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tmpDir } from '../../support/tmp-dir.js';

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export interface RunningExample {
  readonly url: string;
  /** The copy that it runs from. */
  readonly folder: string;
  log(): string;
  stop(): Promise<void>;
}

export interface ExampleCopy {
  readonly folder: string;
  /** Starts it by what a developer types, and waits until it says where it is. */
  start(
    command: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
  ): Promise<RunningExample>;
  remove(): Promise<void>;
}

/** A copy of an example, where a developer's own `.env` and builds are not, with the packages of this tree. */
export async function copyExample(name: string): Promise<ExampleCopy> {
  const { path, remove } = await tmpDir();
  const folder = join(path, name);
  await cp(root(`examples/${name}`), folder, {
    recursive: true,
    filter: (from) => !/\/(\.env|node_modules|dist)$/.test(from),
  });
  await symlink(root('node_modules'), join(path, 'node_modules'));
  return { folder, remove, start: (command, env) => start(folder, command, env) };
}

async function start(
  folder: string,
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<RunningExample> {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLOUDINARY|COUNTERSEAL|npm)_/.test(name));
  const app = spawn(program, args, {
    cwd: folder,
    // Vite takes vitest's NODE_ENV for its own.
    env: { ...Object.fromEntries(own), NODE_ENV: undefined, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm does not pass signals on to everything below it; a process group does.
    detached: true,
  });
  let log = '';
  for (const stream of [app.stdout, app.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      app.emit('said');
    });
  const stop = async () => {
    if (app.pid === undefined || app.exitCode !== null || app.signalCode !== null) return;
    const ended = once(app, 'close');
    process.kill(-app.pid, 'SIGTERM');
    await ended;
  };
  const url = await readyUrl(app, () => log);
  return { url, folder, log: () => log, stop };
}

function readyUrl(app: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    app.on('said', () => {
      const url = /(http:\/\/localhost:\d+)$/m.exec(log())?.[1];
      if (url !== undefined) resolve(url);
    });
    app.once('error', reject);
    app.once('close', () => reject(new Error(`the example ended:\n${log()}`)));
  });
}
