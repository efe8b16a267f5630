/** Chunk size when none is asked for (widget reference, section 1.3). */
export const defaultChunkBytes = 20_000_000;

/** "All parts except EOF-chunk must be larger than 5mb" (observed behaviours, section 2). */
export const minChunkBytes = 5 * 1024 * 1024;

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Chunk size that a server accepts. */
export function chunkBytesOf(asked: number | null): number {
  return asked === null || !Number.isFinite(asked)
    ? defaultChunkBytes
    : Math.max(minChunkBytes, Math.floor(asked));
}

/** The part that begins at `start`; the whole file when it fits into one chunk. */
export function rangeAt(start: number, totalBytes: number, chunkBytes: number): ByteRange {
  return { start, end: Math.min(totalBytes, start + chunkBytes) };
}

/** `Content-Range` (RFC 9110, section 14.4) of a part of a file of known size. */
export function contentRange({ start, end }: ByteRange, totalBytes: number): string {
  return `bytes ${start}-${end - 1}/${totalBytes}`;
}
