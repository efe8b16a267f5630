import type { Rule } from '../rule.js';
import { restrict } from './restrict.js';

export interface AllowedTransformations {
  /** Each item of `eager` must be one of these, text for text; `t_thumb` is the named transformation `thumb`. */
  readonly eager?: readonly string[];
  /** The incoming transformation must be one of these. */
  readonly transformation?: readonly string[];
}

/** Transformations a client may ask for. Compared as text: what was not written down is not allowed. */
export function allowTransformations(allowed: AllowedTransformations): Rule {
  const limits = Object.fromEntries(Object.entries(allowed).filter(([, list]) => list !== undefined));
  return restrict('transformations', limits, (value, list: readonly string[], parameter) => {
    const items = parameter === 'eager' ? value.split('|') : [value];
    return items.every((item) => list.includes(item)) ? null : `made of ${list.join(' | ')}`;
  });
}
