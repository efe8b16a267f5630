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
  return joinPairs(params, sortNames(Object.keys(params)), version);
}

/** The same over a request as received: the names that are never signed are left out (upload-api reference, section 2.1, step 1). */
export function wireStringToSign(
  params: SignableParams,
  version: SignatureVersion = defaultSignatureVersion,
): string {
  const names = Object.keys(params);
  let kept = 0;
  for (const name of names) {
    if (unsignedNames.has(name)) continue;
    names[kept] = name;
    kept += 1;
  }
  if (kept < names.length) names.length = kept;
  return joinPairs(params, sortNames(names), version);
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
    for (; at > 0 && name < (names[at - 1] as string); at -= 1) names[at] = names[at - 1] as string;
    if (at < next) names[at] = name;
  }
  return names;
}

function joinPairs(params: SignableParams, names: readonly string[], version: SignatureVersion): string {
  let joined = '';
  let separator = '';
  for (const name of names) {
    const value = valueText(params[name]);
    if (value === '') continue;
    // The parts are searched, not the pair: searching a string just concatenated would first copy it flat.
    joined =
      version >= 2
        ? `${joined}${separator}${escapeAmpersands(name)}=${escapeAmpersands(value)}`
        : `${joined}${separator}${name}=${value}`;
    separator = '&';
  }
  return joined;
}

/** "every `&` occurring inside a pair is replaced by `%26`. Nothing else is escaped" (upload-api reference, section 2.1, step 6). */
function escapeAmpersands(text: string): string {
  return text.indexOf('&') === -1 ? text : text.replaceAll('&', '%26');
}
