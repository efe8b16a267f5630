import { neverSignable } from '@counterseal/signer';
import { claimNames } from './claims.js';
import type { SignPolicy } from './load.js';
import { policyFor } from './policy-for.js';
import type { SignPolicyFile } from './schema.js';

export interface PolicyCheck {
  /** What a policy grants that somebody may not have meant. */
  readonly warnings: readonly string[];
  /** Requests of a browser, and what the policy says to each. */
  readonly examples: readonly {
    readonly request: string;
    readonly answer: string;
    readonly isSigned: boolean;
  }[];
}

/** Lints a policy that can be loaded, and shows what it would let through for a caller whose claims are their own names. */
export function checkSignPolicy({ file }: SignPolicy, nowSeconds: number): PolicyCheck {
  return {
    warnings: lints.flatMap((lint) => lint(file)),
    examples: samples.map(([request, params]) => ({ request, ...ask(file, params, nowSeconds) })),
  };
}

type Lint = (file: SignPolicyFile) => readonly string[];

const lints: readonly Lint[] = [
  ({ policy }) =>
    (policy.allowDangerous ?? []).map((name) => {
      const why = Object.hasOwn(neverSignable, name)
        ? neverSignable[name]
        : 'it is not a parameter of an upload';
      return `allowDangerous lets a client set ${name}: ${why}`;
    }),
  ({ policy }) => {
    const isOpen = grants(policy, 'public_id') && policy.force?.overwrite === undefined;
    return isOpen
      ? ['a client may choose the public id, and so replace what is there: force overwrite to false']
      : [];
  },
  ({ policy }) =>
    ['public_id', 'folder', 'asset_folder', 'public_id_prefix']
      .filter((name) => policy.allow?.includes(name) && !isLimited(policy, name))
      .map((name) => `allow lets a client set ${name} to anything: limit it by prefixes, patterns or values`),
  ({ policy }) =>
    ['transformation', 'eager']
      .filter((name) => policy.allow?.includes(name))
      .map(
        (name) =>
          `allow lets a client ask for any ${name}, which costs work and storage: list them in transformations`,
      ),
  ({ policy }) =>
    policy.allow?.includes('upload_preset') && !isLimited(policy, 'upload_preset')
      ? ['allow lets a client choose any upload preset: use requirePreset or values']
      : [],
  ({ policy }) =>
    (policy.allowAmpersand ?? []).map(
      (name) => `${name} may hold &: safe here, not with services that accept signature version 1`,
    ),
  ({ policy }) =>
    policy.allow?.includes('unique_filename')
      ? ['a client may switch unique_filename off, and so choose public ids by file name']
      : [],
  ({ authorize: { jwt } }) =>
    jwt !== undefined && jwt.audience === undefined
      ? ['authorize.jwt has no audience: tokens made for another service are accepted']
      : [],
  ({ authorize: { jwt } }) =>
    jwt !== undefined && 'jwksUrl' in jwt && jwt.issuer === undefined ? ['authorize.jwt has no issuer'] : [],
  ({ authorize }) =>
    Object.entries(authorize)
      .filter(([, way]) => way !== undefined && 'secret' in way && way.secret !== undefined)
      .map(([kind]) => `authorize.${kind} has its secret in the policy file: secretFile keeps the two apart`),
  (file) =>
    file.authorize.jwt !== undefined && !claimNames(file).length
      ? ['no claim is used: every signed-in user may upload alike, for example into the same folder']
      : [],
];

function grants(policy: SignPolicyFile['policy'], name: string): boolean {
  return (
    policy.allow?.includes(name) === true ||
    policy.allowDangerous?.includes(name) === true ||
    isLimited(policy, name)
  );
}

function isLimited({ values, prefixes, patterns }: SignPolicyFile['policy'], name: string): boolean {
  return [values, prefixes, patterns].some((part) => part !== undefined && Object.hasOwn(part, name));
}

const samples: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['the widget, nothing chosen', {}],
  ['tags=cat', { tags: 'cat' }],
  ['public_id=cat', { public_id: 'cat' }],
  ['folder=other', { folder: 'other' }],
  ['upload_preset=other', { upload_preset: 'other' }],
  ['eager=w_5000,h_5000,c_scale', { eager: 'w_5000,h_5000,c_scale' }],
  ['overwrite=true', { overwrite: 'true' }],
  ['type=private', { type: 'private' }],
  ['notification_url=http://evil.example', { notification_url: 'http://evil.example' }],
  ['no source (fits other operations)', { source: '' }],
];

/** As the widget asks: nothing is amended, so forced values must be sent; they are filled in first. */
function ask(file: SignPolicyFile, params: Readonly<Record<string, string>>, nowSeconds: number) {
  const claims = Object.fromEntries(claimNames(file).map((name) => [name, name]));
  const policy = policyFor(file.policy, claims);
  const context = { nowSeconds, amend: false };
  const complete = policy.evaluate({}, { ...context, amend: true });
  const forced = complete.outcome === 'allow' ? complete.params : {};
  const verdict = policy.evaluate({ ...forced, source: 'uw', ...params }, context);
  return verdict.outcome === 'allow'
    ? {
        isSigned: true,
        answer: Object.entries(verdict.params)
          .map(([name, value]) => `${name}=${value}`)
          .join('&'),
      }
    : { isSigned: false, answer: `${verdict.refusal.message} (${verdict.refusal.rule})` };
}
