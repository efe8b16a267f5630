import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { runCommand } from '../support/commands.js';
import { dataFolder } from '../support/data-folder.js';
import { filePart, multipart, partsOf } from '../support/forms.js';
import { send } from '../support/http.js';
import { plain } from '../support/pictures.js';
import { type RunningServer, type ServerOptions, startServer, testAccount } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { defectLines } from '../support/use-server.js';

/** What an operator sees: first start, later starts, bootstrap, refusals, the end (docs/decisions/0002). */

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function folder(): Promise<string> {
  const { path, remove } = await tmpDir();
  cleanUps.push(remove);
  return path;
}

async function start(options: ServerOptions): Promise<RunningServer> {
  const server = await startServer(options);
  let ended: Promise<number> | null = null;
  const stop = () => (ended ??= server.stop());
  cleanUps.push(stop);
  return { ...server, stop, log: server.log };
}

const noBootstrap = { COUNTERSEAL_BOOTSTRAP: undefined };
const line = (log: string, pattern: RegExp) => pattern.exec(log) ?? [];
const accountLine =
  /^CLOUDINARY_URL=cloudinary:\/\/(\w+):([\w-]+)@demo\?upload_prefix=(http:\/\/127\.0\.0\.1:\d+)$/m;

describe('the first start on an empty folder', () => {
  it('makes an account and prints it once, with what an SDK needs', async () => {
    const data = await folder();
    const first = await start({ data, env: noBootstrap });
    const [, apiKey = '', apiSecret = '', prefix] = line(first.log(), accountLine);
    expect(prefix).toBe(first.url);
    expect(apiSecret.length).toBeGreaterThanOrEqual(20);
    expect(first.log()).toContain(`{ secure: false, cname: '${new URL(first.url).host}' }`);
    expect(first.log()).toMatch(/^curl -u .+ -F file=@.+\/v1_1\/demo\/image\/upload$/m);

    const client = createClient(first, { cloud: 'demo', apiKey, apiSecret });
    const answer = await client.upload({ bytes: await plain(9, 9) }, { public_id: 'kept' });
    expect(answer.status).toBe(200);
    expect(await first.stop()).toBe(0);

    const second = await start({ data, env: noBootstrap });
    expect(second.log()).not.toContain(apiSecret);
    expect(second.log()).not.toContain('CLOUDINARY_URL=');
    expect((await send(second.url, { path: '/demo/image/upload/kept.png' })).status).toBe(200);
    expect((await stat(join(data, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it.each<[what: string, args: (taken: string) => string[], reason: RegExp]>([
    ['a port that is taken', (taken) => ['--port', taken], /EADDRINUSE/],
    ['a host that is not ours', () => ['--host', '192.0.2.1'], /EADDRNOTAVAIL/],
  ])('prints it when it comes after %s', async (_, args, reason) => {
    const data = await folder();
    const { port } = new URL((await start({})).url);
    await expect(start({ data, args: args(port), env: noBootstrap })).rejects.toThrow(reason);
    expect((await start({ data, env: noBootstrap })).log()).toMatch(accountLine);
  });

  it('prints two curl lines that work when pasted', async () => {
    const server = await start({ env: noBootstrap });
    const lines = server
      .log()
      .split('\n')
      .filter((text) => text.startsWith('curl '));
    expect(lines.length).toBe(2);
    for (const text of lines) {
      const { code, stdout } = await runCommand('sh', ['-c', text]);
      expect([text, code, JSON.parse(stdout)]).toEqual([
        text,
        0,
        expect.objectContaining({ resource_type: 'image', format: 'jpg' }),
      ]);
    }
  });

  it('has a start page, which knows no secret, and a health check', async () => {
    const server = await start({ env: noBootstrap });
    const [, , apiSecret = 'missing'] = line(server.log(), accountLine);
    const page = await send(server.url, { path: '/' });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain(server.url);
    expect(page.text).not.toContain(apiSecret);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const health = await send(server.url, { path: '/health' });
    expect([health.status, health.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('bootstrap', () => {
  it('makes the cloud and key it names, and changes nothing the second time', async () => {
    const data = await folder();
    const secret = 'a secret: with / and @ in it';
    const env = { COUNTERSEAL_BOOTSTRAP: `cloudinary://ci-key:${encodeURIComponent(secret)}@my-cloud` };
    for (const again of [false, true]) {
      const server = await start({ data, env });
      const client = createClient(server, { cloud: 'my-cloud', apiKey: 'ci-key', apiSecret: secret });
      expect((await client.upload({ bytes: await plain(9, 9) })).status).toBe(200);
      if (again) expect(server.log()).not.toContain(encodeURIComponent(secret));
      await server.stop();
    }
  });

  it('says that a key which was there before keeps its secret', async () => {
    const data = await folder();
    const env = (secret: string) => ({ COUNTERSEAL_BOOTSTRAP: `cloudinary://key:${secret}@demo` });
    const [before, after] = ['the secret until now', 'the secret from now on'].map(encodeURIComponent);
    const first = await start({ data, env: env(before ?? '') });
    expect(first.log()).not.toContain('was not changed');
    await first.stop();
    const second = await start({ data, env: env(after ?? '') });
    expect(second.log()).toMatch(/"level":"warn".*"reason":"has another secret".*was not changed/);
    expect(second.log()).not.toContain('the secret ');
  });

  it.each<[string, ServerOptions, RegExp]>([
    [
      'a weak secret on an open interface',
      { args: ['--host', '0.0.0.0'], env: { COUNTERSEAL_BOOTSTRAP: 'cloudinary://key:abcd@demo' } },
      /the secret is weak/,
    ],
    [
      'a bootstrap that is none',
      { env: { COUNTERSEAL_BOOTSTRAP: 'nonsense' } },
      /must look like cloudinary:/,
    ],
    ['a port that is none', { args: ['--max-file-bytes', 'many'] }, /--max-file-bytes/],
    ['ranges that are none', { env: { COUNTERSEAL_FETCH_ALLOW: 'everything' } }, /COUNTERSEAL_FETCH_ALLOW/],
    ['a wrong master key', { env: { COUNTERSEAL_MASTER_KEY: 'short' } }, /COUNTERSEAL_MASTER_KEY/],
  ])('%s stops the start', async (_, options, reason) => {
    await expect(start(options)).rejects.toThrow(reason);
  });

  it('a weak secret on loopback is a warning', async () => {
    const server = await start({ env: { COUNTERSEAL_BOOTSTRAP: 'cloudinary://key:abcd@demo' } });
    expect(server.log()).toMatch(/"level":"warn".*weak/);
    expect(server.log()).not.toMatch(/^\{.*abcd/m);
  });

  it('all mistakes are told at once', async () => {
    const args = ['--max-file-bytes', 'many', '--folder-mode', 'other'];
    await expect(start({ args })).rejects.toThrow(/max-file-bytes[\s\S]*folder-mode/);
  });
});

describe('settings', () => {
  it('public-url is the base of addresses in answers', async () => {
    const server = await start({ args: ['--public-url', 'https://media.example.com/'] });
    const answer = await createClient(server).upload({ bytes: await plain(9, 9) }, { public_id: 'x' });
    expect(answer.json()).toMatchObject({
      secure_url: expect.stringMatching(/^https:\/\/media\.example\.com\/demo\/image\/upload\/v\d+\/x\.png$/),
    });
  });
});

/** Begins an upload, and calls `between` when the server has the first half of it. */
async function uploadInHalves(server: RunningServer, between: () => Promise<void>): Promise<number> {
  const client = createClient(server);
  const form = multipart([
    ...partsOf(client.credentials({ public_id: 'under-way' })),
    filePart({ bytes: await plain(600, 600) }),
  ]);
  const half = form.body.length >> 1;
  const req = request(`${server.url}${client.api('image/upload')}`, {
    method: 'POST',
    headers: { 'Content-Type': form.contentType, 'Content-Length': form.body.length },
  });
  const answered = once(req, 'response') as Promise<[IncomingMessage]>;
  req.write(form.body.subarray(0, half));
  await expect.poll(() => dataFolder(server.data).staged()).toHaveLength(1);
  await between();
  req.end(form.body.subarray(half));
  const [res] = await answered;
  res.resume();
  return res.statusCode ?? 0;
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('finishes the upload under way, takes no more, and ends with 0', async () => {
    const data = await folder();
    const server = await start({ data });
    // One signal only: a second one, later, is the wish not to wait.
    const ended = once(server.process, 'exit');
    const status = await uploadInHalves(server, async () => {
      server.process.kill(signal);
      await expect.poll(() => server.log()).toContain(`${signal}: finishing what is under way`);
    });
    expect([status, await ended]).toEqual([200, [0, null]]);
    expect(defectLines(server.log())).toEqual([]);
    await expect(send(server.url, { path: '/health' })).rejects.toThrow();
    const again = await start({ data });
    expect((await send(again.url, { path: '/demo/image/upload/under-way.png' })).status).toBe(200);
  });

  it('waits for no connection without a request, used or not', async () => {
    const server = await start({});
    const { hostname, port } = new URL(server.url);
    const [early, used] = [connect(Number(port), hostname), connect(Number(port), hostname)];
    await Promise.all([once(early, 'connect'), once(used, 'connect')]);
    used.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(String(await once(used, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    const ended = once(server.process, 'exit');
    const closed = [once(early, 'close'), once(used, 'close')];
    const askedAtMs = Date.now();
    server.process.kill(signal);
    expect(await ended).toEqual([0, null]);
    // Both would be left alone for 5 and 10 seconds (connectionLimits).
    expect(Date.now() - askedAtMs).toBeLessThan(4000);
    await Promise.all(closed);
  });
});

it('names the account of tests nowhere in its defaults', async () => {
  const server = await start({ env: noBootstrap });
  const answer = await createClient(server).upload({ bytes: await plain(9, 9) });
  expect([answer.status, answer.message]).toEqual([401, `Unknown API key ${testAccount.apiKey}`]);
});
