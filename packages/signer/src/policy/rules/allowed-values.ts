import { operations, type ParamTable } from '@counterseal/protocol';
import type { Rule } from '../rule.js';
import { restrict } from './restrict.js';

/** The only values a client may give. Of a list (`tags`, `allowed_formats`) every item must be one of them. */
export function allowedValues(values: Readonly<Record<string, readonly string[]>>): Rule {
  return restrict('allowed-values', values, (value, allowed, parameter) => {
    const items = isList(parameter) ? value.split(',').map((item) => item.trim()) : [value];
    if (items.every((item) => allowed.includes(item))) return null;
    return allowed.length === 1 ? `'${allowed[0]}'` : `one of ${allowed.join(', ')}`;
  });
}

function isList(name: string): boolean {
  const table: ParamTable = operations.upload.params;
  return Object.hasOwn(table, name) && table[name]?.type === 'list';
}
