import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createClientAddress } from './client-address.js';
import { createObserve } from './observe.js';

type Line = Readonly<Record<string, unknown>>;

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A server that answers by `answer`; the access lines it writes. */
async function start(answer: (res: ServerResponse) => void) {
  const lines: Line[] = [];
  const info = (_message: string, fields: Line = {}) => void lines.push(fields);
  const silent = () => {};
  const options = { log: 'api', clientAddressOf: createClientAddress([]) } as const;
  const observe = createObserve({ debug: silent, info, warn: silent, error: silent }, options);
  const server = createServer((req, res) => {
    observe(req, res, 'api');
    answer(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { lines, url: `http://127.0.0.1:${port}/v1_1/demo/image/upload?signature=secret` };
}

test('an answer has its status in the access line, and no query', async () => {
  const { lines, url } = await start((res) => res.writeHead(404).end());
  await fetch(url);
  await expect.poll(() => lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ path: '/v1_1/demo/image/upload', status: 404, finished: true });
});

test('who went away before there was an answer was told no status', async () => {
  let cut = () => {};
  const { lines, url } = await start(() => cut());
  const upload = request(url, { method: 'POST' }).on('error', () => {});
  cut = () => void upload.destroy();
  upload.write('part of a body');
  await expect.poll(() => lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ status: null, finished: false, client: '127.0.0.1' });
});
