import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { ApiError } from '@counterseal/protocol';
import { afterEach, expect, test } from 'vitest';
import {
  boundary,
  type Edge,
  type EdgeOptions,
  field,
  filePart,
  multipart,
  multipartType,
  rawRequest,
  sendRaw,
  startEdge,
} from './edge.test-support.js';

const mebibyte = 1024 * 1024;
const open: Edge[] = [];
const start = async (options: EdgeOptions) => {
  const edge = await startEdge(options);
  open.push(edge);
  return edge;
};
afterEach(async () => {
  for (const edge of open.splice(0)) await edge.close();
});

/** The beginning of the file travels with the opening: the parser tells of a part when something of it is there. */
const beginning = '#'.repeat(1024);

/** Head and opening of a multipart request with a file of `bytes` bytes after its beginning, and its closing. */
function bigUpload(bytes: number) {
  const body = multipart(field('timestamp', '1'), filePart(beginning));
  const split = body.lastIndexOf('#') + 1;
  const length = body.length + bytes;
  const head = `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\nContent-Type: ${multipartType['Content-Type']}\r\n\r\n`;
  return {
    opening: Buffer.concat([Buffer.from(head), body.subarray(0, split)]),
    closing: body.subarray(split),
  };
}

/** Writes an upload, honouring back-pressure; answers all that came back when the server closes or `isDone` says so. */
async function upload(port: number, bytes: number): Promise<{ answer: string; sentBytes: number }> {
  const { opening, closing } = bigUpload(bytes);
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      isClosed = true;
      resolve();
    });
  });
  socket.on('error', () => {});
  socket.on('data', (text) => {
    answer += text;
    if (answer.includes('\r\n\r\n{}')) socket.end();
  });
  const block = Buffer.alloc(mebibyte, `\r\n--${boundary.slice(1)}`);
  const write = async (chunk: Uint8Array) => {
    if (!isClosed && !socket.write(chunk))
      await Promise.race([once(socket, 'drain').catch(() => closed), closed]);
  };
  await write(opening);
  let sentBytes = 0;
  for (; sentBytes < bytes && !isClosed; sentBytes += block.length) await write(block);
  await write(closing);
  await closed;
  return { answer, sentBytes };
}

const rssBytes = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;

test.skipIf(process.platform !== 'linux')('200 MB pass through in flat memory', async () => {
  let bytes = 0;
  let peak = 0;
  const edge = await start({
    async onFile(_, file) {
      if (file.kind === 'text') return;
      for await (const chunk of file.body) {
        bytes += chunk.length;
        if (bytes % (8 * mebibyte) < chunk.length) peak = Math.max(peak, rssBytes());
      }
    },
  });
  await upload(edge.port, 20 * mebibyte);
  bytes = 0;
  const before = rssBytes();
  peak = 0;
  await upload(edge.port, 200 * mebibyte);
  expect(bytes).toBe(200 * mebibyte + beginning.length);
  expect((peak - before) / mebibyte).toBeLessThan(64);
});

test('the file begins before the body has ended, and a slow reader holds the client back', async () => {
  let release = () => {};
  const begun = new Promise<void>((resolve) => {
    release = resolve;
  });
  let readOn = () => {};
  const held = new Promise<void>((resolve) => {
    readOn = resolve;
  });
  const edge = await start({
    async onFile(before, file) {
      expect([...before]).toEqual([['timestamp', '1']]);
      release();
      await held;
      if (file.kind !== 'text') for await (const _ of file.body);
    },
  });
  const { opening, closing } = bigUpload(64 * mebibyte);
  const socket = connect(edge.port, '127.0.0.1');
  socket.write(opening);
  await begun;
  socket.write(Buffer.alloc(64 * mebibyte));
  socket.write(closing);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(socket.writableLength).toBeGreaterThan(32 * mebibyte);
  readOn();
  expect((await edge.nextOutcome()).error).toBeNull();
  socket.destroy();
});

const refuse: EdgeOptions = {
  onFile: async () => {
    throw new ApiError('unknown-api-key', { apiKey: '1' });
  },
};

test('a refusal in front of the file is answered, and still readable for a client that writes first', async () => {
  const edge = await start(refuse);
  const { answer, sentBytes } = await upload(edge.port, 20 * mebibyte);
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(answer).toContain('{"error":{"message":"Unknown API key 1"}}');
  expect(answer).toMatch(/connection: close/i);
  expect(sentBytes).toBe(20 * mebibyte);
});

test('after a refusal no more than the limit is read', async () => {
  const edge = await start({ ...refuse, discard: { maxBytes: 2 * mebibyte } });
  const { sentBytes } = await upload(edge.port, 200 * mebibyte);
  expect(sentBytes).toBeLessThan(100 * mebibyte);
});

test('after a refusal a silent client is not waited for', async () => {
  const edge = await start({ ...refuse, discard: { maxMs: 50 } });
  const answer = await sendRaw(edge.port, bigUpload(mebibyte).opening);
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
});

test('a refused request that was read to its end keeps the connection', async () => {
  const edge = await start({});
  const bad = rawRequest('tags=%00');
  const answer = await sendRaw(edge.port, Buffer.concat([bad, bad]));
  expect(answer).not.toMatch(/connection: close/i);
  expect((await edge.nextOutcome()).error?.code).toBe('illegal-characters');
  expect((await edge.nextOutcome()).error?.code).toBe('illegal-characters');
});

test('a stalled body is 408', async () => {
  const edge = await start({ stallTimeoutMs: 50, discard: { maxMs: 50 } });
  const answer = await sendRaw(edge.port, bigUpload(mebibyte).opening);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect((await edge.nextOutcome()).error?.code).toBe('request-timeout');
});

test('time the reader takes is not the client stalling', async () => {
  const edge = await start({
    stallTimeoutMs: 100,
    async onFile(_, file) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (file.kind !== 'text') for await (const _ of file.body);
    },
  });
  await sendRaw(edge.port, rawRequest(multipart(filePart(Buffer.alloc(mebibyte))), multipartType));
  expect((await edge.nextOutcome()).error).toBeNull();
});

test('a file that nobody reads to its end is skipped', async () => {
  const edge = await start({
    async onFile(_, file) {
      if (file.kind !== 'text') for await (const _ of file.body) return;
    },
  });
  const body = multipart(filePart(Buffer.alloc(mebibyte)), field('tags', 'a'));
  await sendRaw(edge.port, rawRequest(body, multipartType));
  expect(await edge.nextOutcome()).toMatchObject({ error: null, parameters: { tags: 'a' } });
});

test('an operation without a file ignores one, up to a limit', async () => {
  const edge = await start({ takesFile: false });
  const body = (bytes: number) => multipart(filePart(Buffer.alloc(bytes)), field('tags', 'a'));
  await sendRaw(edge.port, rawRequest(body(mebibyte), multipartType));
  expect(await edge.nextOutcome()).toMatchObject({ error: null, read: { file: 'ignored' } });
  await sendRaw(edge.port, rawRequest(body(9 * mebibyte), multipartType));
  expect((await edge.nextOutcome()).error?.code).toBe('field-too-large');
});

test('the reader of a file learns that the client has gone', async () => {
  let seen: unknown;
  const edge = await start({
    async onFile(_, file) {
      if (file.kind === 'text') return;
      try {
        for await (const _ of file.body);
      } catch (error) {
        seen = error;
        throw error;
      }
    },
  });
  const socket = connect(edge.port, '127.0.0.1');
  socket.write(bigUpload(mebibyte).opening);
  setTimeout(() => socket.destroy(), 50);
  await edge.nextOutcome();
  expect(seen).toMatchObject({ code: 'malformed-body' });
});
