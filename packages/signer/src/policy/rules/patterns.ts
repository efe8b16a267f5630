import type { Rule } from '../rule.js';
import { itemsOf, restrict } from './restrict.js';

/**
 * Patterns a value must match as a whole: `*` stands for any run of characters without a slash, `?` for one such character,
 * everything else for itself. No regular expressions, so no text makes matching slow.
 */
export function patterns(limits: Readonly<Record<string, readonly string[]>>): Rule {
  return restrict('pattern', limits, (value, allowed, parameter) =>
    itemsOf(parameter, value).every((item) => allowed.some((pattern) => matchesPattern(item, pattern)))
      ? null
      : `like ${allowed.join(' or ')}`,
  );
}

/** At most length of text times length of pattern steps. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = pattern[next];
    const found = text[at];
    if (wanted === '*') {
      star = next;
      starAt = at;
      next += 1;
    } else if (wanted !== undefined && (wanted === found || (wanted === '?' && found !== '/'))) {
      at += 1;
      next += 1;
    } else if (star !== -1 && text[starAt] !== '/') {
      starAt += 1;
      at = starAt;
      next = star + 1;
    } else return false;
  }
  while (pattern[next] === '*') next += 1;
  return next === pattern.length;
}
