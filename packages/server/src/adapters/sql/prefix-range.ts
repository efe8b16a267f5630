const LAST_CODE_POINT = 0x10ffff;
const FIRST_SURROGATE = 0xd800;
const FIRST_AFTER_SURROGATES = 0xe000;

/**
 * The smallest text that comes after every text with this prefix, in the byte order of UTF-8 (which is the order of code
 * points); null when there is none. With it a prefix is the range `prefix <= x < end`, which an index serves; `LIKE` would
 * scan, fold case, and read `%` and `_` as wildcards.
 */
export function prefixEnd(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return null;
  const next = last + 1 === FIRST_SURROGATE ? FIRST_AFTER_SURROGATES : last + 1;
  return String.fromCodePoint(...points, next);
}
