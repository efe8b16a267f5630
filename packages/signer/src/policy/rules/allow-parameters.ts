import type { Rule } from '../rule.js';
import { whyDangerous } from '../unpermitted.js';

/**
 * Parameters a client may set to anything that other rules leave open.
 * @throws TypeError for a name that must be named as dangerous
 */
export function allowParameters(...names: readonly string[]): Rule {
  for (const name of names) {
    const why = whyDangerous(name);
    if (why !== null) throw new TypeError(`${name} cannot simply be allowed: ${why} (see allowDangerous)`);
  }
  return { name: 'allow-parameters', permits: names };
}

/** Parameters that are otherwise never signed on a client's word. Each one is a decision; say why beside it. */
export function allowDangerous(...names: readonly string[]): Rule {
  return { name: 'allow-dangerous', permits: names, permitsDangerous: names };
}

/** Lets the values of these parameters hold `&`. */
export function allowAmpersand(...names: readonly string[]): Rule {
  return { name: 'allow-ampersand', permitsAmpersandIn: names };
}
