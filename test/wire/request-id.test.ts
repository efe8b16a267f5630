import { request } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { quarters } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';

/** `X-Request-Id` on everything: once, whoever writes the headers. */

const server = useServer();
const client = createClient(server);
const path = '/demo/image/upload/sample.png';
const seen = new Set<string>();
let etag = '';

beforeAll(async () => {
  await client.upload({ bytes: await quarters(24, 16) }, { public_id: 'sample' });
  etag = String((await client.deliver(path)).headers.etag);
});

/** All values of the header, as they came. */
function requestIds(method: string, target: string, headers: Record<string, string>) {
  return new Promise<{ status: number; ids: string[] }>((resolve, reject) => {
    const call = request(new URL(target, server.url), { method, headers }, (response) => {
      response.resume().on('end', () => {
        const { statusCode: status = 0, rawHeaders } = response;
        const ids = rawHeaders.filter((_, at) => rawHeaders[at - 1]?.toLowerCase() === 'x-request-id');
        resolve({ status, ids });
      });
    });
    call.on('error', reject).end();
  });
}

it.each([
  ['a kept answer', 'GET', path, {}, 200],
  ['an answer without a body', 'HEAD', path, {}, 200],
  ['an unchanged answer', 'GET', path, { 'If-None-Match': 'ETAG' }, 304],
  ['a part', 'GET', path, { Range: 'bytes=0-3' }, 206],
  ['no such part', 'GET', path, { Range: 'bytes=9999999-' }, 416],
  ['a missing picture', 'GET', '/demo/image/upload/absent.png', {}, 404],
  ['a broken transformation', 'GET', '/demo/image/upload/w_x/sample.png', {}, 400],
  ['a preflight', 'OPTIONS', path, {}, 204],
  ['a method that delivery has not', 'PATCH', path, {}, 404],
  ['an address of nobody', 'GET', '/nobody', {}, 404],
  ['the health check', 'GET', '/health', {}, 200],
  ['the Upload API', 'POST', '/v1_1/demo/image/upload', {}, 400],
])('%s has one request id, of its own', async (_name, method, target, headers, status) => {
  const sent = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace('ETAG', etag)]),
  );
  const answer = await requestIds(method, target, sent);
  expect(answer).toEqual({ status, ids: [expect.stringMatching(/^[0-9a-f]{32}$/)] });
  const [id = ''] = answer.ids;
  expect(seen).not.toContain(id);
  seen.add(id);
});
