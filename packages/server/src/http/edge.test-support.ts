import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { ApiError } from '@counterseal/protocol';
import { answerEarly, type DiscardLimits } from './answer-early.js';
import type { FileSource } from './file-source.js';
import type { OnFile } from './intake.js';
import { type ReadOptions, type ReadRequest, readRequest } from './read-request.js';
import { renderError } from './render-error.js';

/** What a request came to: parameters and file, or the error. */
export interface Outcome {
  readonly parameters: Record<string, string | readonly string[]>;
  /** Parameters known when the file began, and the file, collected. */
  readonly file: {
    readonly kind: FileSource['kind'];
    readonly before: string[];
    readonly filename?: string | null;
    readonly mimeType?: string | null;
    readonly text: string;
  } | null;
  readonly error: { readonly code: string; readonly status: number; readonly message: string } | null;
  readonly read: ReadRequest | null;
}

export interface Edge {
  readonly port: number;
  readonly server: Server;
  /** Outcomes, in the order in which requests were finished with. */
  readonly outcomes: Outcome[];
  nextOutcome(): Promise<Outcome>;
  close(): Promise<void>;
}

export interface EdgeOptions extends ReadOptions {
  readonly takesFile?: boolean;
  readonly discard?: DiscardLimits;
}

/** A real server whose only handler reads the request and answers 200 `{}` or the error. */
export async function startEdge(options: EdgeOptions = {}): Promise<Edge> {
  const outcomes: Outcome[] = [];
  const waiting: ((outcome: Outcome) => void)[] = [];
  let taken = 0;
  const server = createServer(async (req, res) => {
    const outcome = await handle(req, res, options);
    outcomes.push(outcome);
    for (const resolve of waiting.splice(0)) resolve(outcome);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    server,
    outcomes,
    async nextOutcome() {
      const outcome = outcomes[taken] ?? (await new Promise<Outcome>((resolve) => waiting.push(resolve)));
      taken++;
      return outcome;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(req: IncomingMessage, res: ServerResponse, options: EdgeOptions): Promise<Outcome> {
  let file: Outcome['file'] = null;
  const collect: OnFile = async (before, source) => {
    const chunks: Uint8Array[] = [];
    if (source.kind !== 'text') for await (const chunk of source.body) chunks.push(chunk);
    const text = source.kind === 'text' ? source.value : Buffer.concat(chunks).toString('latin1');
    file = { ...source, before: [...before.keys()], text };
  };
  const onFile = options.takesFile === false ? undefined : (options.onFile ?? collect);
  try {
    const read = await readRequest(req, { ...options, onFile });
    res.end('{}');
    return { parameters: Object.fromEntries(read.parameters), file, error: null, read };
  } catch (error) {
    const apiError = error instanceof ApiError ? error : new ApiError('internal', {}, { cause: error });
    await answerEarly(req, res, renderError(apiError), options.discard);
    const { code, status, message } = apiError;
    return { parameters: {}, file, error: { code, status, message }, read: null };
  }
}

/** Writes bytes as they are and answers with all that comes back until the server closes or the answer is whole. */
export function sendRaw(port: number, ...writes: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      answer += text;
      const final = answer.replace('HTTP/1.1 100 Continue\r\n\r\n', '');
      const [head = '', body] = final.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
      const isWhole = body !== undefined && (body.length >= length || body.endsWith('0\r\n'));
      if (isWhole) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    (async () => {
      for (const bytes of writes) {
        socket.write(bytes);
        if (writes.length > 1) await new Promise((next) => setTimeout(next, 5));
      }
    })().catch(reject);
  });
}

/** A request head with a Content-Length, and the body. */
export function rawRequest(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  { method = 'POST', path = '/v1_1/demo/image/upload' } = {},
): Buffer {
  const bytes = Buffer.from(body);
  const all = { Host: 'localhost', 'Content-Length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes]);
}

export const boundary = 'AaB03x';
export const multipartType = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };

/** A multipart body of `[header lines, content]` parts, with its end. */
export function multipart(...parts: readonly (readonly [string, string | Uint8Array])[]): Buffer {
  const pieces = parts.flatMap(([header, content]) => [
    Buffer.from(`--${boundary}\r\n${header}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

export function field(name: string, value: string): readonly [string, string] {
  return [`Content-Disposition: form-data; name="${name}"`, value];
}

export function filePart(
  content: string | Uint8Array,
  filename = 'a.png',
): readonly [string, string | Uint8Array] {
  return [
    `Content-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: image/png`,
    content,
  ];
}
