import { type Policy, type UploadPolicyOptions, uploadPolicy } from '@counterseal/signer';
import { ClaimError, type Claims, fillTexts } from './claims.js';
import type { SignPolicyFile } from './schema.js';

/** Parameters whose forced texts are paths; a bar in a claim is harmless there. */
const pathNames: ReadonlySet<string> = new Set(['folder', 'asset_folder', 'public_id', 'public_id_prefix']);

/**
 * The policy of a file for one caller. A caller whose claims do not fit gets a policy that refuses everything and says why.
 * @throws TypeError for a policy that cannot work for anybody
 */
export function policyFor(policy: SignPolicyFile['policy'], claims: Claims): Policy {
  try {
    return uploadPolicy(withoutUndefined(fill(policy, claims)));
  } catch (error) {
    if (!(error instanceof ClaimError)) throw error;
    const refusal = { code: 'claim', parameter: null, rule: 'claims', message: error.message };
    return { rules: [], evaluate: () => ({ outcome: 'refuse', refusal }) };
  }
}

function fill(policy: SignPolicyFile['policy'], claims: Claims): SignPolicyFile['policy'] {
  const perName = <Limit>(limits: Record<string, Limit> | undefined) =>
    limits === undefined
      ? undefined
      : Object.fromEntries(
          Object.entries(limits).map(([name, limit]) => [
            name,
            fillTexts(limit, claims, pathNames.has(name) ? 'path' : 'list'),
          ]),
        );
  return {
    ...policy,
    force: perName(policy.force),
    values: perName(policy.values),
    prefixes: perName(policy.prefixes),
    patterns: perName(policy.patterns),
    includeTags: fillTexts(policy.includeTags, claims, 'list'),
    includeContext: fillTexts(policy.includeContext, claims, 'list'),
    requirePreset: fillTexts(policy.requirePreset, claims, 'list'),
  };
}

function withoutUndefined(policy: SignPolicyFile['policy']): UploadPolicyOptions {
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
}
