import type { Rule } from '../rule.js';
import { itemsOf, restrict } from './restrict.js';

/** The only values a client may give. Of a list (`tags`, `allowed_formats`) every item must be one of them. */
export function allowedValues(values: Readonly<Record<string, readonly string[]>>): Rule {
  return restrict('allowed-values', values, (value, allowed, parameter) => {
    if (itemsOf(parameter, value).every((item) => allowed.includes(item))) return null;
    return allowed.length === 1 ? `'${allowed[0]}'` : `one of ${allowed.join(', ')}`;
  });
}
