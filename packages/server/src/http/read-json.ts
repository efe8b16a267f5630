import { ApiError } from '@counterseal/protocol';
import type { Holding } from './held-bytes.js';
import { splitItems, splitMembers } from './json-members.js';
import { maxJsonBytes, maxJsonDepth } from './limits.js';
import { checkText, type JsonValue, parseName, type RawPair } from './pairs.js';
import { collectBytes } from './read-chunks.js';
import { refuseJsonBombs } from './refuse-json-bombs.js';

/** A member of a JSON body: a parameter, or the text of `file`. */
export type JsonMember =
  | { readonly kind: 'pair'; readonly pair: RawPair }
  | { readonly kind: 'file'; readonly text: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The members of a JSON body as parameters (upload-api reference, sections 2.1 and 3.1). Booleans and numbers become their text
 * as sent, plain arrays become lists, null is left out. Objects, and arrays that hold objects or arrays (`context`,
 * `responsive_breakpoints`, `access_control`, ...), become their compact JSON text, with the parsed value beside it.
 *
 * Read whole: a body without content is no members.
 *
 * @throws ApiError `malformed-body`, `field-too-large`, `invalid-value`, `illegal-parameter-name`, `illegal-characters`
 */
export async function readJson(
  source: AsyncIterable<Buffer>,
  holding: Pick<Holding, 'add'>,
): Promise<JsonMember[]> {
  const bytes = await collectBytes(source, { name: 'body', maxBytes: maxJsonBytes, holding });
  refuseJsonBombs(bytes);
  return membersOf(bytes);
}

function membersOf(bytes: Buffer): JsonMember[] {
  const { text, value } = parse(bytes);
  if (text.trim() === '') return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('the JSON text is not an object');
  }
  return splitMembers(text).flatMap(({ key, value: raw }) => toMember(key, raw) ?? []);
}

function parse(bytes: Buffer): { text: string; value: unknown } {
  try {
    const text = utf8.decode(bytes);
    return { text, value: text.trim() === '' ? null : JSON.parse(text) };
  } catch (cause) {
    throw new ApiError('malformed-body', { reason: 'the text is not JSON in UTF-8' }, { cause });
  }
}

function toMember(key: string, raw: string): JsonMember | null {
  const { name, isList } = parseName(key);
  const value: unknown = JSON.parse(raw);
  if (value === null) return null;
  if (name === 'file') {
    if (typeof value !== 'string') throw new ApiError('invalid-value', { name, value: raw.slice(0, 100) });
    return { kind: 'file', text: value };
  }
  return { kind: 'pair', pair: { name, ...toTexts(name, value, raw, isList), origin: 'body' } };
}

function toTexts(
  name: string,
  value: unknown,
  raw: string,
  isList: boolean,
): Pick<RawPair, 'values' | 'isList' | 'json'> {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) {
    const items = splitItems(raw).filter((item) => item !== 'null');
    return { values: items.map((item) => plainText(name, item)), isList: true };
  }
  if (typeof value === 'object' && value !== null) {
    const json = copyJson(name, value, 0);
    return { values: [JSON.stringify(json)], isList, json };
  }
  return { values: [plainText(name, raw)], isList };
}

/** A string without its quotes; a number or boolean as it was written. */
function plainText(name: string, raw: string): string {
  const text = raw.startsWith('"') ? String(JSON.parse(raw)) : raw;
  checkText(name, text);
  return text;
}

/** Checks every text inside as {@link checkText} would, bounds the depth, and leaves prototypes behind (threat model T35). */
function copyJson(name: string, value: unknown, depth: number): JsonValue {
  if (depth > maxJsonDepth) throw malformed(`${name} is nested too deeply`);
  if (typeof value === 'string') checkText(name, value);
  if (Array.isArray(value)) return value.map((item) => copyJson(name, item, depth + 1));
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const copy: { [key: string]: JsonValue } = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    checkText(name, key);
    copy[key] = copyJson(name, item, depth + 1);
  }
  return copy;
}

function malformed(reason: string): ApiError {
  return new ApiError('malformed-body', { reason });
}
