import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tmpDir } from '../../support/tmp-dir.js';

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export interface KitProject {
  readonly path: string;
  /** Runs a command in the project until it says where it listens. */
  start(
    command: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly url: string; readonly log: () => string }>;
  /** Ends what was started, and removes the copy. */
  remove(): Promise<void>;
}

/** A copy of a SvelteKit project: neither a developer's `.env` nor an earlier build reaches into the test. */
export async function copyKitProject(path: string, dotEnv: string): Promise<KitProject> {
  const folder = await tmpDir();
  const own = /\/(\.env|\.svelte-kit|node_modules)$/;
  await cp(root(path), folder.path, { recursive: true, filter: (each) => !own.test(each) });
  await symlink(root('node_modules'), join(folder.path, 'node_modules'));
  await writeFile(join(folder.path, '.env'), dotEnv);
  const stops: (() => Promise<void>)[] = [];
  return {
    path: folder.path,
    async start([program, ...args], env) {
      const outside = Object.entries(process.env).filter(
        ([name]) => !/^(CLOUDINARY|COUNTERSEAL|VITE|PUBLIC|npm|NODE_ENV|VITEST|TEST)/.test(name),
      );
      const app = spawn(program, args, {
        cwd: folder.path,
        env: { ...Object.fromEntries(outside), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        // npm does not pass signals on to everything below it; a process group does.
        detached: true,
      });
      const ended = once(app, 'close');
      stops.push(async () => {
        if (app.pid !== undefined && app.exitCode === null && app.signalCode === null)
          process.kill(-app.pid, 'SIGTERM');
        await ended;
      });
      let log = '';
      const url = new Promise<string>((resolve, reject) => {
        for (const stream of [app.stdout, app.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => {
            log += text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
            const found = /Local: +(http:\/\/\S+?)\/?\s/.exec(log)?.[1];
            if (found !== undefined) resolve(found);
          });
        app.on('close', () => reject(new Error(`the app ended:\n${log}`)));
      });
      return { url: await url, log: () => log };
    },
    async remove() {
      await Promise.all(stops.map((stop) => stop()));
      await folder.remove();
    },
  };
}
