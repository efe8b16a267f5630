import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tmpDir } from './tmp-dir.js';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface RunningApp {
  readonly url: string;
  /** Ends the app, and what `npm` started for it. */
  stop(): Promise<void>;
}

export interface PlainAppOptions {
  /** Settings of the app; `undefined` takes one away. The port is a free one unless said otherwise. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a `.env` beside the app. */
  readonly dotEnv?: string;
  /** What is typed, and where: the folder that holds `signed-uploads`, or that folder. */
  readonly command?: readonly [string, ...string[]];
  readonly from?: 'above' | 'inside';
}

/** Starts examples/signed-uploads by its one command. From a copy: a developer's own `.env` does not reach into the test. */
export async function startPlainApp({
  env,
  dotEnv,
  command: [program, ...args] = ['npm', 'start'],
  from = 'inside',
}: PlainAppOptions): Promise<RunningApp> {
  const folder = await tmpDir();
  const inside = join(folder.path, 'signed-uploads');
  await cp(root('examples/signed-uploads'), inside, {
    recursive: true,
    filter: (path) => !/\/(\.env|node_modules)$/.test(path),
  });
  await symlink(root('node_modules'), join(folder.path, 'node_modules'));
  if (dotEnv !== undefined) await writeFile(join(inside, '.env'), dotEnv);
  const own = Object.entries(process.env).filter(([name]) => !/^(CLOUDINARY|COUNTERSEAL|npm)_/.test(name));
  const app = spawn(program, args, {
    cwd: from === 'inside' ? inside : folder.path,
    env: { ...Object.fromEntries(own), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm does not pass signals on to everything below it; a process group does.
    detached: true,
  });
  const stop = async () => {
    const ended = once(app, 'close');
    if (app.pid !== undefined && app.exitCode === null) {
      process.kill(-app.pid, 'SIGTERM');
      await ended;
    }
    await folder.remove();
  };
  try {
    return { url: await readyUrl(app), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What "Server is up on" says; an app that ends before is an error with everything it printed. */
function readyUrl(app: ChildProcess): Promise<string> {
  let log = '';
  return new Promise((resolve, reject) => {
    for (const stream of [app.stdout, app.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const url = /^Server is up on (http:\/\/localhost:\d+)$/m.exec(log)?.[1];
        if (url !== undefined) resolve(url);
      });
    app.once('error', reject);
    app.once('close', () => reject(new Error(`the example ended:\n${log}`)));
  });
}
