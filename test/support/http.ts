import {
  type Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http';

export interface HttpRequest {
  readonly method?: string;
  /** Sent as it is: nothing is normalised, decoded or escaped. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array | string;
  /** Loopback address to call from. The server counts failed log-ins by address. */
  readonly from?: string;
  /** Keeps connections; without one, each request has its own. */
  readonly agent?: Agent;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON, in the shape the test expects. */
  json<Shape = Record<string, unknown>>(): Shape;
  /** `error.message` of the body; null when there is none. */
  readonly message: string | null;
}

/** One request, one answer, whatever its status. */
export function send(base: string, request: HttpRequest): Promise<HttpAnswer> {
  const { hostname, port } = new URL(base);
  const { method = 'GET', path, headers = {}, body, from, agent } = request;
  return new Promise((resolve, reject) => {
    const req = httpRequest({
      hostname,
      port,
      method,
      path,
      headers: {
        ...(agent === undefined ? { Connection: 'close' } : {}),
        ...(body === undefined ? {} : lengthOf(body)),
        ...headers,
      },
      ...(from === undefined ? {} : { localAddress: from }),
      ...(agent === undefined ? {} : { agent }),
    });
    req.on('error', reject);
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('error', reject);
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () =>
        resolve(answerOf(res.statusCode ?? 0, res.headers, Buffer.concat(chunks), `${method} ${path}`)),
      );
    });
    req.end(body);
  });
}

function lengthOf(body: Uint8Array | string): OutgoingHttpHeaders {
  return { 'Content-Length': Buffer.byteLength(body) };
}

function answerOf(status: number, headers: IncomingHttpHeaders, bytes: Buffer, what: string): HttpAnswer {
  const text = bytes.toString('utf8');
  return {
    status,
    headers,
    bytes,
    text,
    json<Shape>(): Shape {
      try {
        return JSON.parse(text) as Shape;
      } catch (cause) {
        throw new Error(`${what} answered ${status} without JSON: ${text.slice(0, 200)}`, { cause });
      }
    },
    get message() {
      try {
        return (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? null;
      } catch {
        return null;
      }
    },
  };
}
