import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { postForm } from './post-form.js';

let folder: string;
let server: Server | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterseal-cli-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  await rm(folder, { recursive: true, force: true });
});

test('sends fields first, the file last, with a length and progress', async () => {
  const path = join(folder, 'a "b".bin');
  const bytes = Buffer.alloc(700_000, 'x');
  await writeFile(path, bytes);
  const received: { fields: [string, unknown][]; length: string | undefined } = {
    fields: [],
    length: undefined,
  };
  const url = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(Buffer.concat(chunks), { headers }).formData();
    received.fields = [...form.entries()];
    received.length = request.headers['content-length'];
    response.end('{"ok":true}');
  });
  const progress: number[] = [];
  const answer = await postForm({
    url,
    fields: [
      ['api_key', 'k'],
      ['context', 'alt=grüße|b=1'],
    ],
    file: { path, name: 'a "b".bin', bytes: bytes.length },
    onProgress: (sent) => void progress.push(sent),
  });
  expect(answer).toEqual({ status: 200, text: '{"ok":true}' });
  const { fields, length } = received;
  expect(fields.map(([name]) => name)).toEqual(['api_key', 'context', 'file']);
  expect(fields[1]?.[1]).toBe('alt=grüße|b=1');
  expect(fields[2]?.[1]).toMatchObject({ size: bytes.length, name: 'a "b".bin' });
  expect(Number(length)).toBeGreaterThan(bytes.length);
  expect(progress.at(-1)).toBe(bytes.length);
});

test('tells the answer of a server that refuses before it has read the file', async () => {
  const path = join(folder, 'big.bin');
  await writeFile(path, '');
  await truncate(path, 64 * 1024 * 1024);
  // As servers should: the whole answer first, then some time to read it before the connection is closed.
  const url = await listen((request, response) => {
    const body = '{"error":{"message":"no"}}';
    request.once('data', () => {
      request.pause();
      response.writeHead(401, { Connection: 'close', 'Content-Length': body.length }).write(body);
      setTimeout(() => response.end(), 300);
    });
  });
  const file = { path, name: 'big.bin', bytes: 64 * 1024 * 1024 };
  expect(await postForm({ url, fields: [], file, onProgress: () => {} })).toEqual({
    status: 401,
    text: '{"error":{"message":"no"}}',
  });
});

test.each([
  ['nobody listens', 'http://127.0.0.1:9/x'],
  ['no such host', 'http://counterseal.invalid/x'],
])('names the server when %s', async (_, url) => {
  const form = { url, fields: [], file: null, onProgress: () => {} };
  await expect(postForm(form)).rejects.toThrow(`cannot reach ${new URL(url).origin}`);
});

test('a file that became shorter is an error, not a hang', async () => {
  const path = join(folder, 'short.bin');
  await writeFile(path, 'abc');
  const url = await listen((request) => void request.resume());
  const file = { path, name: 'short.bin', bytes: 10 };
  await expect(postForm({ url, fields: [], file, onProgress: () => {} })).rejects.toThrow('became shorter');
});

async function listen(answer: RequestListener): Promise<string> {
  const made = createServer(answer);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}/upload`;
}
