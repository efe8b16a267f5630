import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitWhileProcessing } from './wait-while-processing.js';

let server: Server;
let url: string;
const asked: string[] = [];

/** `/423/423/200` answers these statuses in turn. */
beforeAll(async () => {
  server = createServer((req, res) => {
    const path = req.url ?? '/';
    const statuses = path.slice(1).split('/').map(Number);
    res.statusCode = statuses[asked.filter((each) => each === path).length] ?? 500;
    asked.push(path);
    res.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const { signal } = new AbortController();

test.each([
  ['/423/423/200', true, 3],
  ['/423/404', false, 2],
  ['/500', false, 1],
  ['/423/423/423/423/200', false, 4],
])('%s', async (path, isReady, questions) => {
  expect(await waitWhileProcessing(url + path, { signal, pauses: [1, 1, 1, 1] })).toBe(isReady);
  expect(asked.filter((each) => each === path)).toHaveLength(questions);
});

test('ends when nobody waits any more', async () => {
  const life = new AbortController();
  const waiting = waitWhileProcessing(`${url}/423/423`, { signal: life.signal, pauses: [60_000] });
  await expect.poll(() => asked.filter((each) => each === '/423/423').length).toBe(1);
  life.abort();
  expect(await waiting).toBe(false);
});

test('nobody answers', async () => {
  expect(await waitWhileProcessing('http://127.0.0.1:1/', { signal, pauses: [1] })).toBe(false);
});
