import { unsignedNames } from '../params.js';
import { defaultSignatureVersion, type SignatureVersion } from './algorithms.js';

/**
 * Parameters by name. Values are strings, numbers, booleans or arrays of these; null, undefined, the empty string and the empty
 * array mean "not given".
 */
export type SignableParams = Readonly<Record<string, unknown>>;

/** Up to here insertion sort beats the built-in sort; beyond it, a hostile number of names must not cost its square. */
const insertionSortMaxNames = 32;

/**
 * The text an API signature covers, without the secret, over exactly the given parameters (upload-api reference, section 2.1,
 * steps 2 to 7). No name is left out: that is {@link wireStringToSign}.
 */
export function stringToSign(
  params: SignableParams,
  version: SignatureVersion = defaultSignatureVersion,
): string {
  return joinPairs(params, version, false);
}

/** The same over a request as received: the names that are never signed are left out (upload-api reference, section 2.1, step 1). */
export function wireStringToSign(
  params: SignableParams,
  version: SignatureVersion = defaultSignatureVersion,
): string {
  return joinPairs(params, version, true);
}

/**
 * Parameters in the one form that is signed and acted on: arrays joined, everything text, what is empty gone (threat model S4, S5).
 * Verify this object and hand the same object on. It has no prototype.
 */
export function canonicalParams(params: SignableParams): Readonly<Record<string, string>> {
  const canonical: Record<string, string> = Object.create(null);
  for (const name of Object.keys(params)) {
    const value = valueText(params[name]);
    if (value !== '') canonical[name] = value;
  }
  return canonical;
}

/** The text of one value: "Array values become one string joined with `,`"; the empty text when there is none. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** "Sort by parameter name, ascending": by code unit, never by locale (threat model S15). */
function sortNames(names: string[]): string[] {
  if (names.length > insertionSortMaxNames) return names.sort();
  for (let next = 1; next < names.length; next += 1) {
    const name = names[next] as string;
    let at = next;
    for (; at > 0 && isBefore(name, names[at - 1] as string); at -= 1) names[at] = names[at - 1] as string;
    if (at < next) names[at] = name;
  }
  return names;
}

/** `left < right`; the first letters nearly always decide, and comparing them is far cheaper than comparing strings. */
function isBefore(left: string, right: string): boolean {
  const difference = left.charCodeAt(0) - right.charCodeAt(0);
  return difference < 0 || (!(difference > 0) && left < right);
}

function joinPairs(params: SignableParams, version: SignatureVersion, isWire: boolean): string {
  const escapes = version >= 2;
  let joined = '';
  for (const name of sortNames(Object.keys(params))) {
    const value = valueText(params[name]);
    if (value === '') continue;
    const head = headOf(name, escapes);
    if (isWire && !head.isSigned) continue;
    // Names and values are searched, never what was concatenated: searching that would first copy it flat.
    const written = escapes ? escapeAmpersands(value) : value;
    joined = joined === '' ? head.first + written : joined + head.next + written;
  }
  return joined;
}

/** What stands before a value. */
interface Head {
  /** `name=` */
  readonly first: string;
  /** `&name=` */
  readonly next: string;
  readonly isSigned: boolean;
}

/** Heads of the names seen so far, for speed alone: the wire has few names. Only short ones that both versions write alike. */
const heads = new Map<string, Head>();
const keptHeadsMax = 512;
const keptNameMaxLength = 64;

function headOf(name: string, escapes: boolean): Head {
  const kept = heads.get(name);
  if (kept !== undefined) return kept;
  const written = escapes ? escapeAmpersands(name) : name;
  const head = { first: `${written}=`, next: `&${written}=`, isSigned: !unsignedNames.has(name) };
  const isKept = heads.size < keptHeadsMax && name.length <= keptNameMaxLength && !name.includes('&');
  if (isKept) heads.set(name, head);
  return head;
}

/** "every `&` occurring inside a pair is replaced by `%26`. Nothing else is escaped" (upload-api reference, section 2.1, step 6). */
function escapeAmpersands(text: string): string {
  return text.indexOf('&') === -1 ? text : text.replaceAll('&', '%26');
}
