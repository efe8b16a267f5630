import { ApiError } from '@counterseal/protocol';
import { maxNameBytes } from './limits.js';
import type { Parameters } from './parameters.js';

/** Parsed JSON. Objects have no prototype, so that a key `__proto__` is a key (threat model T35). */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One parameter as it arrived: before duplicates are judged, before empty values are dropped, in order of arrival. */
export interface RawPair {
  /** Bare: `public_ids[]` and `public_ids[3]` are `public_ids`. */
  readonly name: string;
  /** One text; several for a JSON array of plain values. */
  readonly values: readonly string[];
  /** Sent as `x[]=`, `x[0]=` or a JSON array. A comma string is not a list here: only the parameter table knows. */
  readonly isList: boolean;
  readonly origin: 'query' | 'body';
  /** What a JSON body held when it was an object or an array with objects or arrays in it; `values` is its compact JSON text. */
  readonly json?: JsonValue;
}

const legalName = /^[a-z][a-z0-9_]{0,63}$/;
const brackets = /\[\d{0,9}\]$/;

/**
 * Strips the list brackets and checks the rest. Names are not escaped in the string to sign, so anything that could move the
 * border between name and value is refused (threat model S3).
 * @throws ApiError `illegal-parameter-name`
 */
export function parseName(raw: string): { name: string; isList: boolean } {
  const name = raw.replace(brackets, '');
  if (Buffer.byteLength(raw) > maxNameBytes || !legalName.test(name)) {
    throw new ApiError('illegal-parameter-name', { name: raw.slice(0, maxNameBytes) });
  }
  return { name, isList: name.length < raw.length };
}

const multiline = new Set(['context', 'metadata', 'headers']);
const control = /[\u0000-\u001f\u007f-\u009f\p{Surrogate}]/u;
const controlButNewline = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Surrogate}]/u;

/**
 * "LF is allowed in `context`, `metadata`, `headers`; other control characters nowhere." Lone surrogates count as such: they
 * have no UTF-8 form to sign (threat model S9).
 * @throws ApiError `illegal-characters`
 */
export function checkText(name: string, text: string): void {
  const forbidden = multiline.has(name) ? controlButNewline : control;
  if (forbidden.test(text)) throw new ApiError('illegal-characters', { name });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws ApiError `illegal-characters` when the bytes are not UTF-8 */
export function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ApiError('illegal-characters', { name }, { cause });
  }
}

/**
 * The one view of the parameters that is verified and acted on: empty values dropped, list items joined in order of arrival.
 * "Lists may repeat; a scalar given twice, or in query and body with different values, is 400."
 *
 * @param listNames parameters documented as lists, which may also repeat without brackets (`tags=a&tags=b`)
 * @throws ApiError `repeated-parameter`
 */
export function collectParameters(
  pairs: readonly RawPair[],
  listNames: ReadonlySet<string> = new Set(),
): Parameters {
  const query = collectOrigin(pairs, 'query', listNames);
  const merged = collectOrigin(pairs, 'body', listNames);
  for (const [name, value] of query) {
    const other = merged.get(name);
    if (other !== undefined && !sameValue(other, value)) throw new ApiError('repeated-parameter', { name });
    merged.set(name, value);
  }
  return merged;
}

function collectOrigin(
  pairs: readonly RawPair[],
  origin: RawPair['origin'],
  listNames: ReadonlySet<string>,
): Map<string, string | readonly string[]> {
  const collected = new Map<string, string | readonly string[]>();
  for (const pair of pairs) {
    const isList = pair.isList || listNames.has(pair.name);
    if (pair.origin !== origin || (!isList && isEmpty(pair.values))) continue;
    const before = collected.get(pair.name);
    if (before === undefined) {
      collected.set(pair.name, pair.isList ? pair.values : pair.values.join(','));
    } else if (listNames.has(pair.name) || (isList && typeof before !== 'string')) {
      collected.set(pair.name, [before, pair.values].flat());
    } else {
      throw new ApiError('repeated-parameter', { name: pair.name });
    }
  }
  for (const [name, value] of collected) if (isEmpty([value].flat())) collected.delete(name);
  return collected;
}

function isEmpty(values: readonly string[]): boolean {
  return values.every((value) => value === '');
}

function sameValue(a: string | readonly string[], b: string | readonly string[]): boolean {
  return typeof a === typeof b && JSON.stringify(a) === JSON.stringify(b);
}
