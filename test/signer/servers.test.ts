import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import cloudinary from 'cloudinary';
import { createApp, createRouter, type EventHandler, toNodeListener } from 'h3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/*
 * The code of the documentation, run: each example is started on its own framework and answers real requests. `node`, `express`,
 * `fastify`, `koa` and `nuxt` listen; the others are functions of a web `Request`.
 */
const secret = 'the-secret-of-the-examples';
process.env.CLOUDINARY_URL = `cloudinary://key:${secret}@demo?upload_prefix=http://127.0.0.1:8420`;

type Ask = (request: Request) => Promise<Response>;
type Methods<Given> = Record<'GET' | 'POST', (given: Given) => Promise<Response>>;
interface Listening {
  listen(at: object): Promise<string>;
  close(): Promise<void>;
}
interface Worker {
  fetch(request: Request, env: object): Promise<Response>;
}
const asks = new Map<string, Ask>();
const closers: (() => Promise<unknown> | unknown)[] = [];

const load = <T>(name: string): Promise<T> => import(`./examples/${name}.mjs`);

async function listen(server: Server): Promise<Ask> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as AddressInfo;
  return (request) =>
    fetch(new Request(request.url.replace('http://app.test', `http://127.0.0.1:${port}`), request));
}

beforeAll(async () => {
  const { server } = await load<{ server: Server }>('node');
  asks.set('node:http', await listen(server));
  const { app: express } = await load<{ app: RequestListener }>('express');
  asks.set('Express', await listen(createServer(express)));
  const { app: koa } = await load<{ app: { callback(): RequestListener } }>('koa');
  asks.set('Koa', await listen(createServer(koa.callback())));
  const { app: fastify } = await load<{ app: Listening }>('fastify');
  const fastifyAt = await fastify.listen({ port: 0, host: '127.0.0.1' });
  closers.push(() => fastify.close());
  asks.set('Fastify', (request) =>
    fetch(new Request(request.url.replace('http://app.test', fastifyAt), request)),
  );
  const { app: hono } = await load<{ app: { fetch: Ask } }>('hono');
  asks.set('Hono', async (request) => hono.fetch(request));
  const { default: nuxt } = await load<{ default: EventHandler }>('nuxt');
  const routes = createRouter().use('/api/sign', nuxt);
  asks.set('Nuxt', await listen(createServer(toNodeListener(createApp().use(routes)))));
  const sveltekit = await load<Methods<object>>('sveltekit');
  asks.set('SvelteKit', (request) =>
    methodOf(sveltekit, request)({ request, locals: { user: userOf(request) }, url: new URL(request.url) }),
  );
  const next = await load<Methods<Request>>('next');
  asks.set('Next', (request) =>
    methodOf(next, request)(Object.assign(request, { cookies: cookiesOf(request) })),
  );
  const astro = await load<{ ALL(context: object): Promise<Response> }>('astro');
  asks.set('Astro', (request) => astro.ALL({ request, cookies: cookiesOf(request) }));
  const worker = await load<{ default: Worker }>('worker');
  asks.set('a worker', (request) =>
    worker.default.fetch(request, { CLOUDINARY_URL: process.env.CLOUDINARY_URL }),
  );
});
afterAll(async () => {
  for (const close of closers) await close();
});

/** As the framework's request objects have them. */
function cookiesOf(request: Request) {
  const value = /session=(\d+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return { get: (name: string) => (name === 'session' && value !== undefined ? { name, value } : undefined) };
}

function userOf(request: Request): { id: string } | undefined {
  const id = cookiesOf(request).get('session')?.value;
  return id === undefined ? undefined : { id };
}

function methodOf<F>(handlers: Record<'GET' | 'POST', F>, { method }: Request): F {
  return handlers[method === 'GET' ? 'GET' : 'POST'];
}

const now = Math.floor(Date.now() / 1000);
const paramsToSign = { folder: 'users/42', source: 'uw', timestamp: now };
const cookie = { Cookie: 'session=42' };

async function ask(
  name: string,
  init: RequestInit,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await asks.get(name)?.(new Request('http://app.test/api/sign', init));
  return { status: answer?.status ?? 0, body: JSON.parse((await answer?.text()) || 'null') };
}

describe.each([
  'node:http',
  'Express',
  'Fastify',
  'Koa',
  'Hono',
  'SvelteKit',
  'Next',
  'Nuxt',
  'Astro',
  'a worker',
])('the example for %s', (name) => {
  test.each([['application/json'], ['text/plain'], ['application/octet-stream']])(
    'signs as the official SDK does, under %s',
    async (type) => {
      const body = JSON.stringify({ paramsToSign });
      const answer = await ask(name, {
        method: 'POST',
        headers: { ...cookie, 'Content-Type': type },
        body,
      });
      cloudinary.v2.config({ signature_algorithm: 'sha256' });
      const signature = cloudinary.v2.utils.api_sign_request(paramsToSign, secret);
      expect(answer).toEqual({
        status: 200,
        body: { signature, timestamp: now, api_key: 'key', cloud_name: 'demo' },
      });
    },
  );

  test('answers a ready form', async () => {
    const { status, body } = await ask(name, { headers: cookie });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      url: 'http://127.0.0.1:8420/v1_1/demo/auto/upload',
      fields: { folder: 'users/42', source: 'signer', api_key: 'key', signature: body.signature },
    });
  });

  test.each<[string, RequestInit, number, string]>([
    ['nobody', { method: 'POST', body: '{}' }, 401, 'unauthorised'],
    [
      'another folder',
      {
        method: 'POST',
        headers: cookie,
        body: JSON.stringify({ paramsToSign: { ...paramsToSign, folder: 'users/7' } }),
      },
      403,
      'forced-value',
    ],
    [
      'another site',
      { method: 'POST', headers: { ...cookie, Origin: 'https://evil.example' }, body: '{}' },
      403,
      'cross-site',
    ],
    [
      'a large body',
      { method: 'POST', headers: cookie, body: `{"paramsToSign":{"tags":"${'x'.repeat(70_000)}"}}` },
      413,
      'body-too-large',
    ],
  ])('refuses %s', async (_, init, status, code) => {
    expect(await ask(name, init)).toMatchObject({ status, body: { error: { code } } });
  });
});

test('a body that a parser in front has read is taken as it is', async () => {
  const [{ default: express }, { app }] = await Promise.all([
    import('express'),
    load<{ app: RequestListener }>('express'),
  ]);
  const parsed = await listen(createServer(express().use(express.json()).use(app)));
  const answer = await parsed(
    new Request('http://app.test/api/sign', {
      method: 'POST',
      headers: { ...cookie, 'Content-Type': 'application/json' },
      body: JSON.stringify({ paramsToSign }),
    }),
  );
  expect(answer.status).toBe(200);
});
