import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { drainTimeoutMs, idleConnectionMs } from './limits.js';

export interface Connections {
  /** Call it for each request, before anything else. */
  begin(req: IncomingMessage, res: ServerResponse): void;
  /**
   * Ends the connections that have no request under way, now, and each other one with its answer. Node itself leaves those open until
   * they time out that a client opened ahead of time, as browsers do, and those whose last answer was under way. Whatever is still
   * open after `drainMs` is cut: a client that reads no further would keep the server for ever.
   */
  close(): void;
}

/** Knows which connections of a server have requests under way, so that a server that is to end waits for nothing else. */
export function watchConnections(
  server: Server,
  { drainMs = drainTimeoutMs, idleMs = idleConnectionMs } = {},
): Connections {
  /** The answers under way on each open connection. */
  const open = new Map<Socket, Set<ServerResponse>>();
  let closing = false;
  server.setTimeout(idleMs);

  server.on('connection', (socket: Socket) => {
    if (closing) return void socket.destroy();
    open.set(socket, new Set());
    socket.once('close', () => open.delete(socket));
  });

  const announceEnd = (res: ServerResponse) => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };

  return {
    begin({ socket }, res) {
      const answers = open.get(socket) ?? new Set();
      answers.add(res);
      if (closing) announceEnd(res);
      res.once('close', () => {
        answers.delete(res);
        if (closing && answers.size === 0) socket.destroySoon();
      });
    },
    close() {
      closing = true;
      for (const [socket, answers] of open) {
        if (answers.size === 0) socket.destroy();
        for (const res of answers) announceEnd(res);
      }
      const deadline = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy();
      }, drainMs);
      server.once('close', () => clearTimeout(deadline));
    },
  };
}
