import { writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { type HttpAnswer, send } from '../support/http.js';
import { type ReverseProxy, startReverseProxy } from '../support/reverse-proxy.js';
import { startServer } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';

/** Who a client is, with and without a proxy in front; told by who must wait after many failures (threat model S14, T40). */

const [guesser, other, stranger] = ['127.0.4.1', '127.0.4.2', '127.0.4.3'] as const;
const proxyAddress = '127.0.9.1';

const named = (forwarded: string | undefined) =>
  forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
const ping = (authorization: string, from: string, forwarded?: string) => ({
  path: '/v1_1/demo/ping',
  headers: { Authorization: authorization, ...named(forwarded) },
  from,
});
/** A signature of an address, guessed: the cheapest failure there is. */
const guess = { path: '/demo/image/authenticated/s--AAAAAAAA--/x.jpg' };

/** Fails until it is told to wait, each time under another name; answers how often it failed before. */
async function failUntilTold(base: string, from: string, nameOf: (n: number) => string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let failures = 0;
  let isTold = false;
  const failing = async () => {
    while (!isTold && failures < 2500) {
      const { status } = await send(base, { ...guess, headers: named(nameOf(failures)), from, agent });
      if (status === 401) failures++;
      isTold ||= status === 420;
    }
  };
  await Promise.all(Array.from({ length: 8 }, failing));
  agent.destroy();
  expect(isTold).toBe(true);
  return failures;
}

const statusOf = async (answer: Promise<HttpAnswer>) => (await answer).status;

describe('with no proxy named', () => {
  const server = useServer();
  const { basic } = createClient(server);

  it('nobody gets away by a name of their own, and nobody is shut out under one', async () => {
    const failures = await failUntilTold(server.url, guesser, (n) => `198.51.${n >> 8}.${n & 255}`);
    expect(failures).toBeGreaterThanOrEqual(2000);
    const ask = (from: string, forwarded: string) => statusOf(send(server.url, ping(basic, from, forwarded)));
    expect(await ask(guesser, '198.51.100.99')).toBe(429);
    expect(await ask(other, guesser)).toBe(200);
    expect(await ask(other, '198.51.0.1')).toBe(200);
  });
});

describe('behind a proxy that is named', () => {
  const token = 'a-shared-token-for-this-test';
  const origin = 'https://app.example.com';
  let folder: Awaited<ReturnType<typeof tmpDir>>;
  let proxy: ReverseProxy;
  const server = useServer(async () => {
    folder = await tmpDir();
    const policy = join(folder.path, 'policy.json');
    const authorize = { token: { secret: token, claims: {} } };
    await writeFile(
      policy,
      JSON.stringify({ authorize, origins: [origin], policy: { force: { folder: 'x' } } }),
    );
    return { args: ['--trusted-proxies', `${proxyAddress}/32,10.0.0.0/8`, '--sign-policy', policy] };
  });
  const { basic } = createClient(server);
  beforeAll(async () => {
    proxy = await startReverseProxy(server.url, proxyAddress);
  });
  afterAll(async () => {
    await proxy.close();
    await folder.remove();
  });

  const names = ['', other, proxyAddress, `${other}, ${proxyAddress}`, '10.0.0.1', 'unknown', ','];

  it('each client waits for itself, whatever it sends as X-Forwarded-For', async () => {
    // As the proxy would say it; sent from its address, since the proxy in between takes twice the time.
    const nameOf = (n: number) => `${names[n % names.length]}, ${guesser}`;
    const failures = await failUntilTold(server.url, proxyAddress, nameOf);
    expect(failures).toBeGreaterThanOrEqual(2000);
    for (const forwarded of [undefined, ...names]) {
      expect(await statusOf(send(proxy.url, ping(basic, guesser, forwarded)))).toBe(429);
      expect(await statusOf(send(proxy.url, ping(basic, other, forwarded)))).toBe(200);
    }
  });

  it('is the same client without the proxy; who is no proxy speaks for nobody else', async () => {
    expect(await statusOf(send(server.url, ping(basic, guesser)))).toBe(429);
    expect(await statusOf(send(server.url, ping(basic, guesser, other)))).toBe(429);
    expect(await statusOf(send(server.url, ping(basic, stranger, guesser)))).toBe(200);
  });

  it('so for the signing endpoint, uploads and signed addresses', async () => {
    const sign = { path: '/sign', headers: { 'X-Counterseal-Sign-Token': token } };
    const upload = {
      method: 'POST',
      path: '/v1_1/demo/raw/upload',
      headers: { Authorization: basic, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'file=data:,x',
    };
    const statuses = (from: string) =>
      Promise.all([sign, upload, guess].map((request) => statusOf(send(proxy.url, { ...request, from }))));
    // 401 is the guess itself: the client was not told to wait.
    expect(await statuses(other)).toEqual([200, 200, 401]);
    expect(await statuses(guesser)).toEqual([429, 429, 420]);
  });

  it('a page of a listed origin gets to see that it must wait', async () => {
    const asked = { path: '/sign', from: guesser, headers: { Origin: origin } };
    const preflight = await send(proxy.url, { ...asked, method: 'OPTIONS' });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, origin]);
    const { status, headers } = await send(proxy.url, asked);
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'Retry-After',
      'retry-after': expect.stringMatching(/^\d+$/),
    });
    const others = { ...asked, headers: { Origin: 'https://evil.example' } };
    expect((await send(proxy.url, others)).headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('and the log names the client', async () => {
    const path = '/v1_1/demo/resources/image/upload/looked-for';
    await send(proxy.url, { path, from: stranger, headers: { 'X-Forwarded-For': '198.51.100.1' } });
    const line = () =>
      server
        .log()
        .split('\n')
        .find((text) => text.includes(path));
    await expect.poll(line).toBeDefined();
    expect(JSON.parse(line() ?? '')).toMatchObject({ client: stranger });
  });
});

it('a range that is none stops the start, by the name of the setting', async () => {
  const started = startServer({ env: { COUNTERSEAL_TRUSTED_PROXIES: '127.0.0.1' } });
  await expect(started).rejects.toThrow(
    '--trusted-proxies (COUNTERSEAL_TRUSTED_PROXIES): "127.0.0.1" is not a CIDR range',
  );
});
