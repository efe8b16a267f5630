import { canonicalParams, findUnsignableParameter, unsignedNames } from '@counterseal/protocol';
import { allow, type Params, type Rule, refuse, withParams } from '../rule.js';

/** What a value may be in code and in policy files; lists are joined with commas as on the wire. */
export type ForcedValue = string | number | boolean | readonly (string | number)[];

/**
 * Parameters whose value the application decides. They always win: a caller that takes amended parameters gets them, any other
 * must have sent exactly these. May force what a client may never set.
 * @throws TypeError for a value that cannot be signed
 */
export function force(values: Readonly<Record<string, ForcedValue>>): Rule {
  const forced: Params = canonicalParams(values);
  for (const name of Object.keys(values)) {
    if (unsignedNames.has(name)) throw new TypeError(`${name} is never signed and cannot be forced`);
    if (forced[name] === undefined) throw new TypeError(`${name} is forced to nothing`);
  }
  const unsignable = findUnsignableParameter(forced);
  if (unsignable !== null)
    throw new TypeError(`${unsignable.name} cannot be forced to that: ${unsignable.code}`);
  const names = Object.keys(forced);
  return {
    name: 'forced-value',
    permits: names,
    permitsDangerous: names,
    permitsAmpersandIn: names.filter((name) => forced[name]?.includes('&')),
    apply(params, { amend }) {
      if (amend) return allow(withParams(params, forced));
      const name = names.find((each) => params[each] !== forced[each]);
      return name === undefined ? allow(params) : refuse(mustBe(name, forced[name] ?? ''));
    },
  };
}

function mustBe(name: string, required: string) {
  const message = `${name} must be '${required}'`;
  return { code: 'forced-value', parameter: name, rule: 'forced-value', message, required };
}
