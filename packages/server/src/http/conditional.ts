import { parseHttpDate } from './http-date.js';
import { type ByteRange, parseRange } from './range.js';

/** The thing at hand: strong, quoted entity tag; time of last change; size. */
export interface Representation {
  readonly etag: string;
  readonly modifiedAtMs: number;
  readonly bytes: number;
}

/** Header names in lower case, as node:http gives them. */
export type ConditionalHeaders = Readonly<
  Partial<Record<'if-none-match' | 'if-modified-since' | 'if-range' | 'range', string>>
>;

export type ConditionalAnswer =
  | { readonly status: 200 }
  | { readonly status: 304 }
  | { readonly status: 206; readonly range: ByteRange; readonly contentRange: string }
  | { readonly status: 416; readonly contentRange: string };

/**
 * Which part of the representation a GET or HEAD gets. Order of RFC 9110, section 13.2.2: `If-None-Match`, else
 * `If-Modified-Since`; then `Range`, when `If-Range` allows it. Ranges are for GET only.
 */
export function evaluateConditional(
  method: string,
  headers: ConditionalHeaders,
  representation: Representation,
): ConditionalAnswer {
  if (isUnchanged(headers, representation)) return { status: 304 };
  const { range, 'if-range': ifRange } = headers;
  if (method !== 'GET' || range === undefined || !rangeApplies(ifRange, representation))
    return { status: 200 };
  const { bytes } = representation;
  const parsed = parseRange(range, bytes);
  if (parsed === 'ignored') return { status: 200 };
  if (parsed === 'unsatisfiable') return { status: 416, contentRange: `bytes */${bytes}` };
  return { status: 206, range: parsed, contentRange: `bytes ${parsed.start}-${parsed.end}/${bytes}` };
}

function isUnchanged(headers: ConditionalHeaders, { etag, modifiedAtMs }: Representation): boolean {
  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = headers;
  if (ifNoneMatch !== undefined) return matchesAny(ifNoneMatch, etag);
  const since = parseHttpDate(ifModifiedSince ?? '');
  return since !== null && toSeconds(modifiedAtMs) <= since;
}

const entityTag = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** Weak comparison (RFC 9110, section 8.8.3.2) against a list, or `*`, which matches whatever there is. */
export function matchesAny(list: string, etag: string): boolean {
  if (list.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...list.matchAll(entityTag)].some((match) => match[1] === opaque);
}

/** RFC 9110, section 13.1.5: strong comparison of the tag, or the exact date. */
function rangeApplies(ifRange: string | undefined, { etag, modifiedAtMs }: Representation): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.startsWith('"')) return ifRange === etag;
  return parseHttpDate(ifRange) === toSeconds(modifiedAtMs);
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
