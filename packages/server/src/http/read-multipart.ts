import { ApiError } from '@counterseal/protocol';
import { Dicer } from '@fastify/busboy';
import {
  maxBoundaryBytes,
  maxMultipartOverheadBytes,
  maxPartHeaderPairs,
  parsedPartHeaderBytes,
} from './limits.js';
import { type PartHeader, parsePartHeader, type RawPartHeader } from './part-header.js';
import { readChunks } from './read-chunks.js';

export interface Part {
  readonly header: PartHeader;
  /** Pulled: the parser never runs ahead by more than one chunk. What is left unread is skipped before the next part. */
  readonly body: AsyncIterable<Buffer>;
}

/**
 * The parts of a `multipart/form-data` body (RFC 7578), in order. Strict where lenience would hide something from the caller:
 * a part without a usable header or a body without its end is an error, never skipped. The last boundary needs no line end.
 *
 * `@fastify/busboy`'s inner parser is used bare: the outer one decodes lossily, cuts long fields and skips bad parts in silence.
 *
 * @param source must stop by itself (signal) when the caller abandons the parts
 * @throws ApiError `malformed-body` and what {@link parsePartHeader} throws
 */
export async function* readParts(
  source: AsyncIterable<Buffer>,
  boundary: string,
): AsyncGenerator<Part, void> {
  if (boundary === '' || Buffer.byteLength(boundary) > maxBoundaryBytes) {
    throw malformed('the multipart boundary is missing or too long');
  }
  const feed = startFeed(source, boundary);
  for (let part = await feed.next(); part !== null; part = await feed.next()) {
    const { stream, header } = part;
    const body = { [Symbol.asyncIterator]: () => feed.contentOf(stream) };
    yield { header: parsePartHeader(header), body };
    for await (const _ of body);
  }
}

interface OpenPart {
  readonly stream: Dicer.PartStream;
  readonly header: RawPartHeader;
}

/** Turns the parser's events into parts that can be awaited, and its silences into errors. */
function startFeed(source: AsyncIterable<Buffer>, boundary: string) {
  // One pair more than is allowed, so that it is seen when there are too many.
  const config = { boundary, maxHeaderPairs: maxPartHeaderPairs + 1, maxHeaderSize: parsedPartHeaderBytes };
  const dicer = new Dicer(config);
  const waiting: OpenPart[] = [];
  /** Parts whose content has not been read to its end. */
  const unread = new Set<Dicer.PartStream>();
  let state: 'reading' | 'done' | { readonly error: unknown } = 'reading';
  let overheadBytes = 0;
  let headersMissing = 0;
  let wake = () => {};

  const fail = (error: unknown) => {
    if (state !== 'reading') return;
    state = { error };
    for (const stream of unread) stream.destroy(error instanceof Error ? error : undefined);
    wake();
  };

  dicer.on('part', (stream) => {
    if (headersMissing++ > 0) fail(malformed('a part has no complete header'));
    unread.add(stream);
    stream.on('error', () => {});
    stream.on('end', () => unread.delete(stream));
    stream.on('header', (header) => {
      headersMissing--;
      waiting.push({ stream, header: header as RawPartHeader });
      wake();
    });
  });
  dicer.on('error', (cause) => {
    fail(new ApiError('malformed-body', { reason: 'the multipart body does not end properly' }, { cause }));
  });

  /** The parser has seen the last boundary and all parts are read; it may hold back the callback of its last write then. */
  let isFinished = false;
  let release = () => {};
  dicer.on('finish', () => {
    isFinished = true;
    release();
  });
  const untilReleased = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      release = resolve;
      start(resolve);
    });

  const pump = async () => {
    for await (const chunk of source) {
      overheadBytes += chunk.length;
      if (overheadBytes > maxMultipartOverheadBytes) throw malformed('too much data outside the parts');
      if (!isFinished) await untilReleased((done) => void dicer.write(chunk, () => done()));
      if (state !== 'reading') return;
    }
    // A missing end is reported one tick after the stream has ended.
    if (!isFinished) await untilReleased((done) => dicer.end(() => setImmediate(done)));
    if (headersMissing > 0) throw malformed('a part has no complete header');
    if (state === 'reading') state = 'done';
    wake();
  };
  pump().catch(fail);

  return {
    async next(): Promise<OpenPart | null> {
      for (;;) {
        if (typeof state === 'object') throw state.error;
        const part = waiting.shift();
        if (part !== undefined) return part;
        if (state === 'done') return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async *contentOf(stream: Dicer.PartStream): AsyncGenerator<Buffer, void> {
      for await (const chunk of readChunks(stream)) {
        overheadBytes -= chunk.length;
        yield chunk;
      }
    },
  };
}

function malformed(reason: string): ApiError {
  return new ApiError('malformed-body', { reason });
}
