import { operations, type ParamTable } from '@counterseal/protocol';
import { allow, type Params, type Rule, refuse } from '../rule.js';

/**
 * A rule that looks at the values of some parameters where they are given, and permits these parameters.
 * `expected` answers null when the value is fine, else what it should have been.
 */
export function restrict<Limit>(
  name: string,
  limits: Readonly<Record<string, Limit>>,
  expected: (value: string, limit: Limit, parameter: string) => string | null,
): Rule {
  const entries = Object.entries(limits);
  return {
    name,
    permits: entries.map(([parameter]) => parameter),
    apply(params: Params) {
      for (const [parameter, limit] of entries) {
        const value = params[parameter];
        const wanted = value === undefined ? null : expected(value, limit, parameter);
        if (wanted !== null) {
          return refuse({ code: name, parameter, rule: name, message: `${parameter} must be ${wanted}` });
        }
      }
      return allow(params);
    },
  };
}

/** Parameters that hold several values in one text, beside the lists. An escaped separator splits too: that only judges more. */
const pipeSeparated: ReadonlySet<string> = new Set([
  'context',
  'custom_coordinates',
  'eager',
  'face_coordinates',
  'metadata',
]);

/** What a rule judges one by one: the items of a list (`tags`), of a text joined by `|` (`eager`, `context`), or the one value. */
export function itemsOf(parameter: string, value: string): readonly string[] {
  if (pipeSeparated.has(parameter)) return value.split('|');
  const table: ParamTable = operations.upload.params;
  const isList = Object.hasOwn(table, parameter) && table[parameter]?.type === 'list';
  return isList ? value.split(',').map((item) => item.trim()) : [value];
}
