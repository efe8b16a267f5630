import type { Rule } from '../rule.js';
import { restrict } from './restrict.js';

export interface Range {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Numbers a value must lie between, both ends included. */
export function ranges(limits: Readonly<Record<string, Range>>): Rule {
  return restrict('range', limits, (value, { minimum = -Infinity, maximum = Infinity }) => {
    const number = /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
    return number >= minimum && number <= maximum ? null : `a number from ${minimum} to ${maximum}`;
  });
}
