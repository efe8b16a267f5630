import { isBelow, pathParameters } from '../path-text.js';
import type { Rule } from '../rule.js';
import { restrict } from './restrict.js';

/** Texts a value must start with. For paths by whole segments: `users/42` lets `users/42/cat` pass, not `users/421`. */
export function prefixes(limits: Readonly<Record<string, readonly string[]>>): Rule {
  return restrict('prefix', limits, (value, allowed, parameter) => {
    const fits = pathParameters.has(parameter)
      ? (prefix: string) => isBelow(value, prefix)
      : (prefix: string) => value.startsWith(prefix);
    return allowed.some(fits) ? null : `below ${allowed.join(' or ')}`;
  });
}
