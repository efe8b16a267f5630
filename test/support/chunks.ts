import type { Client, UploadOptions } from './client.js';
import type { HttpAnswer } from './http.js';
import type { Params } from './sign.js';

export const mebibyte = 1024 * 1024;
/** Smallest chunk that is not the last (upload-api reference, section 3.5). */
export const chunkBytes = 5 * mebibyte;

/** How a client names the total: a number, `-1`, `*`, or not at all. */
export type Total = number | '-1' | '*' | null;

export interface Chunk {
  readonly file: Buffer;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly total: Total;
  readonly uploadId: string;
}

export function chunkHeaders({ start, end, total, uploadId }: Omit<Chunk, 'file'>): Record<string, string> {
  const suffix = total === null ? '' : `/${total}`;
  return { 'X-Unique-Upload-Id': uploadId, 'Content-Range': `bytes ${start}-${end - 1}${suffix}` };
}

/** One chunk, as a request of its own. */
export function sendChunk(
  client: Client,
  chunk: Chunk,
  params: Params = {},
  { headers, ...options }: UploadOptions & { filename?: string } = {},
): Promise<HttpAnswer> {
  const { file, start, end } = chunk;
  const part = { bytes: file.subarray(start, end), filename: options.filename ?? 'big.bin' };
  return client.upload(part, params, { ...options, headers: { ...chunkHeaders(chunk), ...headers } });
}

/** Where chunks of one size begin and end; the last may be smaller. */
export function pieces(bytes: number, size: number = chunkBytes): { start: number; end: number }[] {
  const count = Math.ceil(bytes / size);
  return Array.from({ length: count }, (_, index) => ({
    start: index * size,
    end: Math.min((index + 1) * size, bytes),
  }));
}

let made = 0;
/** One that no other test uses. */
export function newUploadId(): string {
  made += 1;
  return `upload-${process.pid}-${made}-${Math.random()}`;
}
