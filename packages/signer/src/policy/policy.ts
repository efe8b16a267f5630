import { canonicalParams } from '@counterseal/protocol';
import type { Params, Permissions, Rule, RuleContext, Verdict } from './rule.js';
import { refuseUnpermitted } from './unpermitted.js';

export interface Policy {
  readonly rules: readonly Rule[];
  evaluate(params: Readonly<Record<string, unknown>>, context: RuleContext): Verdict;
}

/**
 * A policy of rules, asked in order; the first refusal decides. Denies by default: a parameter that no rule permits is refused
 * before any rule is asked, and so is text that would make the string to sign ambiguous (threat model S1 to S3, S9).
 *
 * For callers that take amended parameters the rules amend first, and then all of them judge the result: what is signed is what
 * the whole policy allows, in whatever order the rules stand. Rules that contradict each other sign nothing.
 */
export function createPolicy(rules: readonly Rule[]): Policy {
  const permissions = collectPermissions(rules);
  return {
    rules,
    evaluate(requested, context) {
      const params = canonicalParams(requested);
      const refusal = refuseUnpermitted(params, permissions);
      if (refusal !== null) return { outcome: 'refuse', refusal };
      const first = askAll(rules, params, context);
      if (first.outcome === 'refuse' || !context.amend) return first;
      return askAll(rules, first.params, { ...context, amend: false });
    },
  };
}

function askAll(rules: readonly Rule[], given: Params, context: RuleContext): Verdict {
  let params = given;
  for (const { apply } of rules) {
    const verdict = apply?.(params, context);
    if (verdict?.outcome === 'refuse') return verdict;
    if (verdict !== undefined) params = verdict.params;
  }
  return { outcome: 'allow', params };
}

/** One pass: policies are made for each user, often for each request. */
function collectPermissions(rules: readonly Rule[]): Permissions {
  const names = new Set<string>();
  const dangerous = new Set<string>();
  const ampersandIn = new Set<string>();
  for (const { permits, permitsDangerous, permitsAmpersandIn } of rules) {
    if (permits !== undefined) for (const name of permits) names.add(name);
    if (permitsDangerous !== undefined) for (const name of permitsDangerous) dangerous.add(name);
    if (permitsAmpersandIn !== undefined) for (const name of permitsAmpersandIn) ampersandIn.add(name);
  }
  return { names, dangerous, ampersandIn };
}
