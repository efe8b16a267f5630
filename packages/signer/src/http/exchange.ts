/** What `authorize` sees of a request on every runtime; a web `Request` is one. */
export interface SignRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
}

/** A request on its way in, whatever the runtime. */
export interface Incoming extends SignRequest {
  /** What `authorize` gets instead of this object: the web `Request` itself where there is one. */
  readonly request?: SignRequest;
  /** The body as text, or as the value that a framework has parsed already. Rejects with {@link BodyError}. */
  readBody(maxBytes: number): Promise<{ readonly text: string } | { readonly value: unknown }>;
}

/** An answer on its way out. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Collects a body up to a limit; whoever sends more is told so. */
export async function collectText(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let text = '';
  let last: Uint8Array | null = null;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes)
        throw new BodyError(413, 'body-too-large', `the body is larger than ${maxBytes} bytes`);
      // One chunk is the rule; decoding in pieces costs more.
      if (last !== null) text += decoder.decode(last, { stream: true });
      last = chunk;
    }
    return last === null ? '' : text + decoder.decode(last);
  } catch (error) {
    if (error instanceof BodyError) throw error;
    throw new BodyError(400, 'malformed-body', 'the body is not JSON in UTF-8');
  }
}

export function fromWebRequest(request: Request): Incoming {
  const { method, url, headers, body } = request;
  return {
    method,
    url,
    headers,
    request,
    readBody: async (maxBytes) => ({
      text: body === null ? '' : await collectText(chunksOf(body), maxBytes),
    }),
  };
}

export function toWebResponse({ status, headers, body }: Outgoing): Response {
  return new Response(body === '' ? null : body, { status, headers: { ...headers } });
}

/** Not every runtime's streams can be iterated. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
