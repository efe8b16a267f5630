import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

export interface KitCopy {
  readonly dotEnv: string;
  /** Further files, by their paths in the project. */
  readonly files?: ReadonlyMap<string, string>;
  /** With @counterseal/svelte as npm installs it, not as a link into this repository. */
  readonly isInstalled?: boolean;
}

/** A copy of a SvelteKit project: neither a developer's `.env` nor an earlier build reaches into the test. */
export async function copyKitProject(
  path: string,
  { dotEnv, files = new Map(), isInstalled = false }: KitCopy,
): Promise<KitProject> {
  const folder = await tmpDir();
  const own = /\/(\.env|\.svelte-kit|node_modules)$/;
  await cp(root(path), folder.path, { recursive: true, filter: (each) => !own.test(each) });
  if (isInstalled) await installInto(folder.path);
  else await symlink(root('node_modules'), join(folder.path, 'node_modules'));
  for (const [name, text] of new Map([...files, ['.env', dotEnv]])) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true });
    await writeFile(join(folder.path, name), text);
  }
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

/**
 * What `npm install @counterseal/svelte` leaves: its files in the project, its name in package.json, where Vite looks for packages that
 * it must compile. Everything else is linked.
 */
async function installInto(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@counterseal/svelte'), { recursive: true });
  const names = (await readdir(root('node_modules'))).filter((name) => name !== '@counterseal');
  const ours = ['protocol', 'signer', 'widget'].map((name) => `@counterseal/${name}`);
  for (const name of [...names, ...ours]) await symlink(root(`node_modules/${name}`), join(modules, name));
  for (const name of ['package.json', 'dist'])
    await cp(root(`packages/svelte/${name}`), join(modules, '@counterseal/svelte', name), {
      recursive: true,
    });
  const manifestPath = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as { dependencies: object };
  const dependencies = { ...manifest.dependencies, '@counterseal/svelte': '0.1.0' };
  await writeFile(manifestPath, JSON.stringify({ ...manifest, dependencies }));
}
