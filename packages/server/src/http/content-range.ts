import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '@counterseal/protocol';

/** Which bytes of its file an upload request carries (upload-api reference, section 3.5). */
export type UploadRange =
  /** No range, or one that says nothing: an ordinary upload. */
  | { readonly kind: 'none' }
  /** `bytes 0-(n-1)/n`: an ordinary upload, too, of so many bytes. */
  | { readonly kind: 'whole'; readonly bytes: number }
  | ChunkRange;

export interface ChunkRange {
  readonly kind: 'chunk';
  /** What ties the chunks of one file together; the client's choice. */
  readonly uploadId: string;
  readonly start: number;
  /** Exclusive. As `start` for an empty chunk. */
  readonly end: number;
  /** Null when the client does not know it yet: `/-1`, `/*`, or no total at all. */
  readonly totalBytes: number | null;
}

const shape = /^bytes[ \t]+(\d{1,15})-(-1|\d{1,15})(?:\/(\d{1,15}|-1|\*))?$/i;
/** Printable ASCII. */
const uploadIdShape = /^[\x20-\x7e]{1,255}$/;
const maxShownCharacters = 100;

/**
 * `Content-Range` and `X-Unique-Upload-Id`. The latter alone means nothing (jQuery sends it with every upload).
 * @throws ApiError `invalid-content-range`, `missing-upload-id`, `invalid-upload-id`, `unsupported-header`
 */
export function readUploadRange(headers: IncomingHttpHeaders): UploadRange {
  const value = headers['content-range'];
  if (value === undefined) {
    refusePartNumbers(headers);
    return { kind: 'none' };
  }
  const range = parse(value.trim());
  if (range === null)
    throw new ApiError('invalid-content-range', { value: value.slice(0, maxShownCharacters) });
  const { start, end, totalBytes } = range;
  if (start === 0 && end === totalBytes) return { kind: 'whole', bytes: end };
  return { kind: 'chunk', uploadId: readUploadId(headers), start, end, totalBytes };
}

function parse(value: string): { start: number; end: number; totalBytes: number | null } | null {
  const match = shape.exec(value);
  if (match === null) return null;
  const [, first = '', last = '', total = '*'] = match;
  const start = Number(first);
  const end = Number(last) + 1;
  const totalBytes = total === '*' || total === '-1' ? null : Number(total);
  if (end < start || (totalBytes !== null && end > totalBytes)) return null;
  // An empty chunk stands behind the last byte: PHP sends one when the size is a multiple of its chunks.
  if (end === start && end !== totalBytes) return null;
  return { start, end, totalBytes };
}

function readUploadId(headers: IncomingHttpHeaders): string {
  const value = headers['x-unique-upload-id'];
  if (value === undefined || value === '') throw new ApiError('missing-upload-id');
  if (typeof value !== 'string' || !uploadIdShape.test(value)) throw new ApiError('invalid-upload-id');
  return value;
}

/** The explicit mode counts parts and names no range. Taken for an ordinary upload, each part would become an asset. */
function refusePartNumbers(headers: IncomingHttpHeaders): void {
  for (const name of ['X-Upload-Part-Number', 'X-Upload-Total-Parts']) {
    if (headers[name.toLowerCase()] !== undefined) throw new ApiError('unsupported-header', { name });
  }
}
