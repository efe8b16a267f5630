import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReverseProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A reverse proxy as all of them are: few connections for many clients, and the client's address written behind what the client says
 * itself. `from` is the loopback address that it calls the server from.
 */
export async function startReverseProxy(to: string, from: string): Promise<ReverseProxy> {
  const { hostname, port } = new URL(to);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const server = createServer((req, res) => {
    const { method, url: path } = req;
    const headers = withoutHop(req.headers);
    const forwarded = [req.headers['x-forwarded-for'], req.socket.remoteAddress].flat().filter(Boolean);
    const onward = request(
      {
        hostname,
        port,
        method,
        path,
        agent,
        localAddress: from,
        headers: { ...headers, 'x-forwarded-for': forwarded.join(', ') },
      },
      (answer) => answer.pipe(res.writeHead(answer.statusCode ?? 502, withoutHop(answer.headers))),
    );
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** What is said from one end of a connection to the other is not passed on (RFC 9110, section 7.6.1). */
function withoutHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _, 'keep-alive': __, ...others } = headers;
  return others;
}
