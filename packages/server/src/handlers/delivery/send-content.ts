import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteRange } from '../../http/range.js';
import type { Content, OpenFile } from '../../services/content.js';
import { createBlockPool } from './block-pool.js';

/** Up to this size a file is one read and one write. */
const oneRead = createBlockPool({ blockBytes: 1024 * 1024, maxIdle: 16 });
/** Above it, the piece that a slow client can make the server hold. */
const piece = createBlockPool({ blockBytes: 256 * 1024, maxIdle: 64 });

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
  const pool = end - start + 1 <= oneRead.blockBytes ? oneRead : piece;
  for (let position = start; position <= end; ) {
    const block = pool.take();
    const length = Math.min(pool.blockBytes, end - position + 1);
    await readFully(file, block, position, length);
    if (res.destroyed) return pool.give(block);
    if (position === start) writeHead();
    position += length;
    // A block whose write was not confirmed may still be in the hands of the system: it is not used again.
    const written = (error?: Error | null) => {
      if (!error && !res.destroyed) pool.give(block);
    };
    const chunk = block.subarray(0, length);
    if (position > end) res.end(chunk, written);
    else if (!res.write(chunk, written)) await drained(res);
  }
}

async function readFully(file: OpenFile, block: Buffer, position: number, length: number): Promise<void> {
  for (let filled = 0; filled < length; ) {
    const count = await file.read(block.subarray(filled, length), position + filled);
    if (count === 0) throw new Error('the file is shorter than its row says');
    filled += count;
  }
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
