import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteRange } from '../../http/range.js';
import type { Content, OpenFile } from '../../services/content.js';

/** Up to this size a file is one read and one write. */
const oneReadBytes = 1024 * 1024;
/** Above it, the piece that a slow client can make the server hold. */
const chunkBytes = 256 * 1024;

/** Writes the bytes of `range` after `writeHead`. A client that goes away ends it quietly. */
export function sendContent(
  res: ServerResponse,
  content: Content,
  range: ByteRange,
  writeHead: () => void,
): Promise<void> | undefined {
  const length = range.end - range.start + 1;
  switch (content.kind) {
    case 'memory':
      writeHead();
      res.end(length === content.bytes ? content.data : content.data.subarray(range.start, range.end + 1));
      return undefined;
    case 'file':
      return sendFile(res, content.file, range, writeHead);
    case 'remote':
      return sendRemote(res, content.open, range, writeHead);
    default:
      return content satisfies never;
  }
}

async function sendFile(
  res: ServerResponse,
  file: OpenFile,
  { start, end }: ByteRange,
  writeHead: () => void,
): Promise<void> {
  const size = end - start + 1 <= oneReadBytes ? end - start + 1 : chunkBytes;
  for (let position = start; position <= end; ) {
    const chunk = await readFully(file, position, Math.min(size, end - position + 1));
    if (res.destroyed) return;
    if (position === start) writeHead();
    position += chunk.length;
    if (position > end) res.end(chunk);
    else if (!res.write(chunk)) await drained(res);
  }
}

async function readFully(file: OpenFile, position: number, length: number): Promise<Buffer> {
  const chunk = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(chunk.subarray(filled), position + filled);
    if (count === 0) throw new Error('the file is shorter than its row says');
    filled += count;
  }
  return chunk;
}

/** Resolves on back-pressure's end, or when the client has gone. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}

async function sendRemote(
  res: ServerResponse,
  open: (range: ByteRange) => Promise<ReadableStream<Uint8Array> | null>,
  range: ByteRange,
  writeHead: () => void,
): Promise<void> {
  const stream = await open(range);
  if (stream === null) throw new Error('the blob is missing');
  if (res.destroyed) return stream.cancel();
  writeHead();
  await pipeline(Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]), res).catch(
    (error: unknown) => {
      if (!res.destroyed) throw error;
    },
  );
}
