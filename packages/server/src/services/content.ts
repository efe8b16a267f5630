import { type FileHandle, open } from 'node:fs/promises';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';

/** Files up to this size are answered from memory; larger ones from a kept descriptor. */
export const smallFileBytes = 256 * 1024;

/**
 * The bytes of one answer, held so that they stay readable whatever happens to the name they came from: an overwrite, a rename
 * or a delete does not touch an answer under way. Counted: whoever gets one calls {@link releaseContent} once.
 */
export type Content =
  | { readonly kind: 'memory'; readonly bytes: number; readonly data: Uint8Array }
  | { readonly kind: 'file'; readonly bytes: number; readonly file: OpenFile }
  /** A store without local files: nothing is held. */
  | { readonly kind: 'remote'; readonly bytes: number; readonly open: OpenRemote };

/** Null when the blob is gone. `range` is inclusive. */
export type OpenRemote = (range: {
  start: number;
  end: number;
}) => Promise<ReadableStream<Uint8Array> | null>;

/** A counted descriptor; closes when the last holder has released it. */
export interface OpenFile {
  /** Reads up to `target.length` bytes from `position`; answers how many (0 at the end). */
  read(target: Uint8Array, position: number): Promise<number>;
  retain(): void;
  release(): void;
}

/** Opens the local file at `path`; null when there is none. Reads it whole when it is small. */
async function openLocalContent(path: string): Promise<Content | null> {
  const handle = await openOrNull(path);
  if (handle === null) return null;
  let keep = false;
  try {
    const { size } = await handle.stat();
    if (size <= smallFileBytes) return { kind: 'memory', bytes: size, data: await handle.readFile() };
    keep = true;
    return { kind: 'file', bytes: size, file: countedFile(handle) };
  } finally {
    if (!keep) await handle.close();
  }
}

/** Opens what was just staged; null when it is gone. */
export async function openStaged({ data, path }: StagedBlob): Promise<Content | null> {
  if (data !== undefined && data.length <= smallFileBytes)
    return { kind: 'memory', bytes: data.length, data };
  return openLocalContent(path);
}

/** Opens a stored blob; null when it is gone. */
export async function openBlobContent(
  blobs: BlobStore,
  blob: { key: string; bytes: number },
): Promise<Content | null> {
  if (blobs.localPath !== undefined) return openLocalContent(blobs.localPath(blob.key));
  const open: OpenRemote = (range) =>
    blobs.read(blob.key, range.start === 0 && range.end === blob.bytes - 1 ? {} : { range });
  if (blob.bytes > smallFileBytes) return { kind: 'remote', bytes: blob.bytes, open };
  const stream = await blobs.read(blob.key);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const data = Buffer.concat(chunks);
  return { kind: 'memory', bytes: data.length, data };
}

export function retainContent(content: Content): Content {
  if (content.kind === 'file') content.file.retain();
  return content;
}

export function releaseContent(content: Content): void {
  if (content.kind === 'file') content.file.release();
}

function countedFile(handle: FileHandle): OpenFile {
  let holders = 1;
  return {
    async read(target, position) {
      const { bytesRead } = await handle.read(target, 0, target.length, position);
      return bytesRead;
    },
    retain() {
      if (holders === 0) throw new Error('the file is closed already');
      holders++;
    },
    release() {
      if (holders === 0) throw new Error('the file was released twice');
      holders--;
      // Nothing was written through this descriptor, so that a failed close loses nothing.
      if (holders === 0) handle.close().catch(() => {});
    },
  };
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
