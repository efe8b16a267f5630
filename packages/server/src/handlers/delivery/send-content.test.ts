import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import type { Content, OpenFile } from '../../services/content.js';
import { sendContent } from './send-content.js';

const total = 32 * 1024 * 1024;

/** A file of zeros that counts how much of it was asked for. */
function zeros(): { file: OpenFile; readBytes: () => number } {
  let read = 0;
  const file: OpenFile = {
    read: async (target, position) => {
      const count = Math.min(target.length, total - position);
      read += count;
      return count;
    },
    retain: () => {},
    release: () => {},
  };
  return { file, readBytes: () => read };
}

async function serve(send: (res: ServerResponse) => Promise<void> | undefined) {
  let end: (outcome: unknown) => void = () => {};
  const ended = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  const server = createServer((_req, res) => {
    Promise.resolve(send(res)).then(() => end('done'), end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, ended, close: () => server.close() };
}

it('does not read ahead of a client that does not, and ends quietly when it leaves', async () => {
  const { file, readBytes } = zeros();
  const content: Content = { kind: 'file', bytes: total, file };
  const server = await serve((res) =>
    sendContent(res, content, { start: 0, end: total - 1 }, () => res.writeHead(200)),
  );
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(readBytes()).toBeLessThan(total / 2);
  socket.destroy();
  expect(await server.ended).toBe('done');
  server.close();
});

/** A file that holds one byte over and over. */
const fileOf = (fill: number): OpenFile => ({
  read: async (target) => {
    target.fill(fill);
    return target.length;
  },
  retain: () => {},
  release: () => {},
});

it.each([
  ['in one block', 1024 * 1024],
  ['in pieces', 12 * 1024 * 1024],
])(
  'sends everybody his own bytes %s, slow or gone: no block is used again too early',
  async (_name, bytes) => {
    const server = createServer((req, res) => {
      const content: Content = { kind: 'file', bytes, file: fileOf(Number(req.url?.slice(1))) };
      void sendContent(res, content, { start: 0, end: bytes - 1 }, () =>
        res.writeHead(200, { 'Content-Length': bytes }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (fill: number) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET /${fill} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      return socket.pause();
    };
    const isOwn = async (socket: Socket, fill: number) => {
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk);
      const answer = Buffer.concat(chunks);
      const body = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
      return body.length === bytes && body.equals(Buffer.alloc(bytes, fill));
    };
    const pause = () => new Promise((resolve) => setTimeout(resolve, 150));

    const slow = [1, 2, 3, 4].map((fill) => ({ fill, socket: ask(fill) }));
    const gone = [5, 6].map(ask);
    await pause();
    for (const socket of gone) socket.destroy();
    for (const fill of [7, 8, 9, 10]) expect(await isOwn(ask(fill), fill)).toBe(true);
    for (const { socket, fill } of slow) expect(await isOwn(socket, fill)).toBe(true);
    server.close();
  },
);

it('sends the range of a store without local files', async () => {
  const ranges: unknown[] = [];
  const content: Content = {
    kind: 'remote',
    bytes: 10,
    open: async (range) => {
      ranges.push(range);
      return new Response('345').body;
    },
  };
  const server = await serve((res) =>
    sendContent(res, content, { start: 3, end: 5 }, () => res.writeHead(206)),
  );
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  expect([response.status, await response.text()]).toEqual([206, '345']);
  expect(ranges).toEqual([{ start: 3, end: 5 }]);
  server.close();
});

it('fails before the first byte when the blob is gone', async () => {
  const content: Content = { kind: 'remote', bytes: 10, open: async () => null };
  let wroteHead = false;
  const server = await serve((res) => {
    const sent = sendContent(res, content, { start: 0, end: 9 }, () => {
      wroteHead = true;
    });
    return sent?.finally(() => res.end());
  });
  await fetch(`http://127.0.0.1:${server.port}/`);
  expect(await server.ended).toEqual(new Error('the blob is missing'));
  expect(wroteHead).toBe(false);
  server.close();
});
