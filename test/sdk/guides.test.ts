import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.js';
import { hasCommand } from '../support/commands.js';
import { blockOf, blocksOf, readDoc, runShell } from '../support/doc-blocks.js';
import { innerFolder } from '../support/inner-folder.js';
import { plain } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';
import { cloudinaryUrl } from './use-sdk.js';

/* The guides whose code runs in Node or in a shell. What they show is taken from their pages and run as it stands there. */

const root = fileURLToPath(new URL('../..', import.meta.url));
type Folder = Awaited<ReturnType<typeof innerFolder>>;

describe('docs/guides/express.md', () => {
  const page = 'docs/guides/express.md';
  const server = useServer();
  const listening: Server[] = [];
  let folder: Folder;

  beforeAll(async () => {
    process.env.CLOUDINARY_URL = cloudinaryUrl(server.url);
    folder = await innerFolder();
    await copyFile(join(root, 'test/signer/examples/session.mjs'), join(folder.path, 'session.mjs'));
    for (const [name, code] of blocksOf(readDoc(page))) await writeFile(join(folder.path, name), code);
  });
  afterAll(async () => {
    for (const app of listening) app.close();
    await folder.remove();
  });

  async function start(name: string): Promise<string> {
    const { app }: { app: RequestListener } = await import(pathToFileURL(join(folder.path, name)).href);
    const listener = createServer(app);
    listening.push(listener);
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  }
  const signedIn = { Cookie: 'session=42' };

  test('signs what the policy allows, and a form that uploads as it is', async () => {
    const url = await start('express-sign.mjs');
    expect((await fetch(`${url}/api/sign`)).status).toBe(401);
    const ready = (await (await fetch(`${url}/api/sign`, { headers: signedIn })).json()) as {
      url: string;
      fields: Record<string, string>;
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(ready.fields)) form.append(name, value);
    form.append('file', new Blob([await plain(8, 6)]), 'photo.png');
    const uploaded = await fetch(ready.url, { method: 'POST', body: form });
    expect(await uploaded.json()).toMatchObject({
      public_id: expect.stringMatching(/^users\/42\//),
      width: 8,
    });

    const ask = (paramsToSign: object) =>
      fetch(`${url}/api/sign`, {
        method: 'POST',
        headers: { ...signedIn, 'Content-Type': 'application/json' },
        body: JSON.stringify({ paramsToSign }),
      });
    const now = Math.floor(Date.now() / 1000);
    const allowed = { source: 'uw', timestamp: now, folder: 'users/42', eager: 'c_pad,h_300,w_400' };
    expect((await ask(allowed)).status).toBe(200);
    const refused = await ask({ ...allowed, eager: 'w_9000' });
    expect(await refused.json()).toMatchObject({ error: { parameter: 'eager' } });
  });

  test('uploads what comes to Express with the SDK, and passes refusals on', async () => {
    const url = await start('express-upload.mjs');
    const send = (bytes: Buffer | null, headers: Readonly<Record<string, string>>) => {
      const body = new FormData();
      if (bytes !== null) body.append('photo', new Blob([bytes]), 'photo.png');
      return fetch(`${url}/photos`, { method: 'POST', body, headers });
    };
    const answer = await send(await plain(9, 9), signedIn);
    const { public_id, url: delivered } = (await answer.json()) as { public_id: string; url: string };
    expect(public_id).toMatch(/^users\/42\//);
    expect((await fetch(delivered)).status).toBe(200);
    expect((await send(await plain(9, 9), {})).status).toBe(401);
    expect((await send(null, signedIn)).status).toBe(400);
    const gif = await send(await plain(9, 9, { format: 'gif' }), signedIn);
    expect(gif.status).toBe(400);
    expect(await gif.json()).toEqual({ error: expect.stringContaining('gif') });
    const large = await send(Buffer.alloc(10_000_001), signedIn);
    expect(large.status).toBe(400);
    expect(await large.json()).toEqual({ error: 'File too large' });
  });

  test('tells a real answer from one that was made up', async () => {
    const url = await start('express-check.mjs');
    const save = (answer: object) =>
      fetch(`${url}/photos`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(answer),
      });
    const uploaded = await createClient(server).upload({ bytes: await plain(4, 4), filename: 'a.png' });
    const { public_id, version, signature } = uploaded.json();
    expect(await (await save({ public_id, version, signature })).json()).toEqual({ saved: public_id });
    expect((await save({ public_id: 'logo', version, signature })).status).toBe(403);
  });
});

describe.skipIf(!hasCommand('curl'))('docs/guides/ci-stand-in.md', () => {
  const page = 'docs/guides/ci-stand-in.md';
  const workflow = blockOf(page, 'workflow');

  /** The steps of the workflow: what is run, where, and with which variables. */
  const steps = workflow
    .split(/^ {6}- /m)
    .slice(1)
    .map((text) => ({
      uses: /(?:^|\n\s+)uses: (.*)/.exec(text)?.[1],
      run: /(?:^|\n\s+)run: (.*)/.exec(text)?.[1],
      folder: /working-directory: (.*)/.exec(text)?.[1] ?? '.',
      env: [...text.matchAll(/^ {10}([A-Z_]+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    }));
  /** The one expression in them. */
  const runnerTemp = /\$\{\{ runner\.temp \}\}/;

  /**
   * A runner's machine: the application checked out in the workspace, Counterseal beside it. A step is a shell of its own that ends,
   * while what it has put behind goes on.
   */
  async function startJob() {
    const machine = await innerFolder();
    const [path, temp] = [join(machine.path, 'workspace'), join(machine.path, 'temp')];
    for (const folder of [path, temp]) await mkdir(folder);
    await symlink(root, join(path, 'counterseal'));
    const port = await freePort();
    const own = Object.entries(process.env).filter(([name]) => !/^(COUNTERSEAL|npm)_/.test(name));
    const env = {
      ...Object.fromEntries(own),
      RUNNER_TEMP: temp,
      CLOUDINARY_URL: /CLOUDINARY_URL: (.*)/.exec(workflow)?.[1]?.replace('8420', port),
      // Others may listen on 8420 on this machine; on the runner nobody does.
      COUNTERSEAL_PORT: port,
    };
    const groups: number[] = [];
    onTestFinished(async () => {
      for (const group of groups.filter(isAlive)) process.kill(-group, 'SIGTERM');
      await expect.poll(() => groups.some(isAlive), { timeout: 20_000 }).toBe(false);
      await machine.remove();
    });
    const step = async (lines: string, folder = '.', more: NodeJS.ProcessEnv = {}) => {
      const shell = spawn('bash', ['-e', '-c', lines.replaceAll('8420', port)], {
        cwd: resolve(path, folder),
        env: { ...env, ...more },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      groups.push(shell.pid ?? 0);
      let text = '';
      for (const stream of [shell.stdout, shell.stderr])
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
      const [code] = (await once(shell, 'close')) as [number | null];
      return { code, text };
    };
    return { path, temp, url: `http://127.0.0.1:${port}`, env, step };
  }

  test('has steps that either use an action or run lines', () => {
    expect(steps.map(({ uses, run }) => [uses, run].filter((text) => text !== undefined))).toEqual([
      ['actions/checkout@v4'],
      ['actions/checkout@v4'],
      [expect.stringContaining('mv ')],
      ['actions/setup-node@v4'],
      [expect.stringContaining('npm start')],
      [expect.stringContaining('/health')],
      ['npm ci'],
      ['npm test'],
      [expect.stringContaining('cat ')],
    ]);
  });

  test('runs: the server starts, the tests with the official SDK pass, and both presets can be made', async () => {
    const { path, temp, url, env, step } = await startJob();
    await writeApplication(path);
    for (const { run, folder, env: own } of steps) {
      if (run === undefined) continue;
      const given = own.map(([name, value = '']) => [name, value.replace(runnerTemp, temp)]);
      const { code, text } = await step(run, folder.replace(runnerTemp, temp), Object.fromEntries(given));
      expect(code, `${run}\n${text}`).toBe(0);
      if (run === 'npm test') expect(text).toMatch(/# pass 2\n# fail 0/);
      if (run.startsWith('cat')) expect(text).toContain('Counterseal is listening on');
    }
    await writeFile(join(path, 'preset.mjs'), blockOf(page, 'preset.mjs'));
    expect(await step('node preset.mjs')).toEqual({ code: 0, text: '' });
    const data = join(temp, 'counterseal-data');
    const made = await runShell(blockOf(page, 'preset.sh'), { data, env });
    expect(made).toMatchObject({ code: 0, stdout: 'created mobile\n' });
    const account = { cloud: 'ci', apiKey: 'ci-key', apiSecret: 'ci-secret-for-tests-only' };
    const { presets } = (await createClient({ url }, account).admin('GET', 'upload_presets')).json<{
      presets: { name: string }[];
    }>();
    expect(presets.map(({ name }) => name).sort()).toEqual(['mobile', 'web']);
  });

  /** An application with the test of the page, whose packages are those of this repository. */
  async function writeApplication(path: string): Promise<void> {
    const about = { name: 'application', version: '1.0.0' };
    const lock = { ...about, lockfileVersion: 3, requires: true, packages: { '': about } };
    await writeFile(
      join(path, 'package.json'),
      JSON.stringify({ ...about, scripts: { test: 'node --test' } }),
    );
    await writeFile(join(path, 'package-lock.json'), JSON.stringify(lock));
    await writeFile(join(path, 'upload.test.mjs'), blockOf(page, 'upload.test.mjs'));
  }
});

/** Whether anything of a process group is there. */
function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
