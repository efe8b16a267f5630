import { findUnsignableParameter, operations, unsignedNames } from '@counterseal/protocol';
import { neverSignable } from './never-signable.js';
import type { Params, Permissions, Refusal } from './rule.js';

const unsignableTexts = {
  'illegal-parameter-name': () => 'a parameter name is lower-case letters, digits and _',
  'encoded-ampersand': (name: string) =>
    `${name} contains the literal text %26, which a signature cannot tell from &`,
  'illegal-characters': (name: string) => `${name} contains characters that are not allowed`,
} as const;

/** Null when every parameter may be set by a client. The reason otherwise, of the first one that may not. */
export function refuseUnpermitted(params: Params, permissions: Permissions): Refusal | null {
  const unsignable = findUnsignableParameter(params);
  if (unsignable !== null) {
    const { name, code } = unsignable;
    return { code, parameter: name, rule: 'signable-text', message: unsignableTexts[code](name) };
  }
  for (const [name, value] of Object.entries(params)) {
    const refusal = refuseName(name, permissions) ?? refuseAmpersand(name, value, permissions);
    if (refusal !== null) return refusal;
  }
  return null;
}

function refuseName(name: string, { names, dangerous }: Permissions): Refusal | null {
  if (unsignedNames.has(name)) {
    const message = `${name} is never part of a signature; leave it out of the parameters to sign`;
    return { code: 'not-signed', parameter: name, rule: 'signable-text', message };
  }
  if (dangerous.has(name)) return null;
  const why = whyDangerous(name);
  if (why !== null) {
    return {
      code: 'never-signable',
      parameter: name,
      rule: 'never-signable',
      message: `${name} is not signed: ${why}`,
    };
  }
  if (names.has(name)) return null;
  const message = `${name} is not allowed by the policy`;
  return { code: 'parameter-not-allowed', parameter: name, rule: 'deny-by-default', message };
}

/** Why a name must be named as dangerous before it is signed, or null when it need not. */
export function whyDangerous(name: string): string | null {
  if (Object.hasOwn(neverSignable, name)) return neverSignable[name] ?? null;
  return Object.hasOwn(operations.upload.params, name) ? null : 'it is not a parameter of an upload';
}

function refuseAmpersand(name: string, value: string, { ampersandIn }: Permissions): Refusal | null {
  if (ampersandIn.has(name) || !value.includes('&')) return null;
  const message = `${name} contains &, which the policy does not allow there`;
  return { code: 'ampersand', parameter: name, rule: 'ampersand', message };
}
