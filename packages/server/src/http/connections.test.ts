import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type Connections, watchConnections } from './connections.js';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A server that answers when it is told to, and whose connections never time out. */
async function start(limits: Parameters<typeof watchConnections>[1] = {}) {
  const waiting: ServerResponse[] = [];
  let connections: Connections | null = null;
  const server = createServer({ keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 }, (req, res) => {
    connections?.begin(req, res);
    waiting.push(res);
  });
  connections = watchConnections(server, limits);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.closeAllConnections());
  const dial = async () => {
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection');
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    cleanUps.push(() => void socket.destroy());
    await accepted;
    let received = '';
    socket.on('data', (text: string) => {
      received += text;
    });
    return { socket, ended: once(socket, 'close'), received: () => received };
  };
  return { server, connections, waiting, dial };
}

/** More than the buffers between a server and a client that does not read. */
const largeBytes = 64 * 1024 * 1024;

const ask = (socket: Socket) => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');

it('lets a server end at once that has connections and no requests', async () => {
  const { server, connections, waiting, dial } = await start();
  const early = await dial();
  const used = await dial();
  ask(used.socket);
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]?.end('answer');
  await expect.poll(used.received).toContain('answer');
  const closed = new Promise((resolve) => server.close(resolve));
  connections.close();
  await Promise.all([closed, early.ended, used.ended]);
  expect(used.received()).toMatch(/^HTTP\/1\.1 200 [\s\S]*Connection: keep-alive/);
});

it.each(['not begun', 'begun'])(
  'finishes an answer that was %s, and ends its connection with it',
  async (state) => {
    const { server, connections, waiting, dial } = await start();
    const { socket, ended, received } = await dial();
    ask(socket);
    await expect.poll(() => waiting.length).toBe(1);
    if (state === 'begun') waiting[0]?.writeHead(200, { 'Content-Length': '6' }).flushHeaders();
    const closed = new Promise((resolve) => server.close(resolve));
    connections.close();
    waiting[0]?.end('answer');
    await Promise.all([closed, ended]);
    expect(received()).toContain('answer');
    expect(received().includes('Connection: close')).toBe(state === 'not begun');
  },
);

it('cuts off, after a while, a client that reads its answer no further', async () => {
  const { server, connections, waiting, dial } = await start({ drainMs: 50 });
  const { socket, ended } = await dial();
  socket.pause();
  ask(socket);
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]?.end(Buffer.alloc(largeBytes));
  const closed = new Promise((resolve) => server.close(resolve));
  connections.close();
  await closed;
  socket.resume();
  await ended;
  expect(socket.bytesRead).toBeLessThan(largeBytes);
});

it('gives up a connection on which nothing moves', async () => {
  const { waiting, dial } = await start({ idleMs: 50 });
  const { socket, ended } = await dial();
  socket.pause();
  ask(socket);
  await expect.poll(() => waiting.length).toBe(1);
  const [answer] = waiting;
  const over = new Promise((resolve) => answer?.once('close', resolve));
  answer?.end(Buffer.alloc(largeBytes));
  await over;
  socket.resume();
  await ended;
  expect(socket.bytesRead).toBeLessThan(largeBytes);
});
