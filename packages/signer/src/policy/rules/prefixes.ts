import { isBelow, pathParameters } from '../path-text.js';
import type { Rule } from '../rule.js';
import { itemsOf, restrict } from './restrict.js';

/** Texts a value must start with. For paths by whole segments: `users/42` lets `users/42/cat` pass, not `users/421`. For lists
 * every item must. */
export function prefixes(limits: Readonly<Record<string, readonly string[]>>): Rule {
  return restrict('prefix', limits, (value, allowed, parameter) => {
    const fits = pathParameters.has(parameter)
      ? isBelow
      : (item: string, prefix: string) => item.startsWith(prefix);
    const isFine = (item: string) => allowed.some((prefix) => fits(item, prefix));
    return itemsOf(parameter, value).every(isFine) ? null : `below ${allowed.join(' or ')}`;
  });
}
