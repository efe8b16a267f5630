import type { Endpoint } from '../endpoint.js';
import { BodyError, collectText, type Incoming, type Outgoing } from '../http/exchange.js';

/** What the adapters need of `http.IncomingMessage`. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What the adapters need of `http.ServerResponse`. */
export interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(body?: string): unknown;
}

/** The endpoint behind a plain `node:http` server; `authorize` gets the native request as its second argument. */
export function toNodeHandler<Native extends NodeRequest>(
  sign: Endpoint<Native>,
): (request: Native, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    sendNode(response, await sign.handle(fromNodeRequest(request), request));
  };
}

/** `parsed`: a body that something in front has read already. */
export function fromNodeRequest(request: NodeRequest, parsed?: unknown): Incoming {
  return {
    method: request.method ?? 'GET',
    url: `http://${single(request.headers.host) ?? 'localhost'}${request.url ?? '/'}`,
    headers: { get: (name) => single(request.headers[name.toLowerCase()]) },
    readBody: async (maxBytes) => {
      if (typeof parsed === 'string') return { text: withinLimit(parsed, maxBytes) };
      if (parsed !== undefined) return { value: parsed };
      return { text: await collectText(request, maxBytes) };
    },
  };
}

export function sendNode(response: NodeResponse, { status, headers, body }: Outgoing): void {
  const length = new TextEncoder().encode(body).byteLength;
  response.writeHead(status, { ...headers, 'Content-Length': length, ...(status === 413 ? closing : {}) });
  response.end(body);
}

/** The rest of a body that is too large is not read. */
const closing = { Connection: 'close' } as const;

function withinLimit(text: string, maxBytes: number): string {
  if (text.length <= maxBytes) return text;
  throw new BodyError(413, 'body-too-large', `the body is larger than ${maxBytes} bytes`);
}

function single(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
