import type { SignPolicyFile } from './schema.js';

/** What is known of the caller: claims of the JWT, or those the file gives the shared token. */
export type Claims = Readonly<Record<string, unknown>>;

const placeholder = /\{([A-Za-z][\w.-]*)\}/g;

/** A claim that is missing or unfit is about the caller, not about a request: 403 for everything. */
export class ClaimError extends Error {
  override readonly name = 'ClaimError';
}

/**
 * Letters, digits and `_ . @ : | -`, not dots alone: as part of a path such a text cannot leave its folder, and it holds nothing
 * that lists, pairs or strings to sign are made of but the bar, which {@link fillTexts} allows in paths only.
 */
const fit = /^(?!\.+$)[\w.@:|-]{1,128}$/;

/** Fills `{claim}` in one text. @throws ClaimError */
export function fillText(text: string, claims: Claims, where: 'path' | 'list' = 'path'): string {
  return text.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new ClaimError(`the token has no claim ${name}`);
    }
    const claim = String(value);
    // JSON numbers beyond this were rounded: two users would be one.
    const isExact = typeof value === 'string' || Number.isSafeInteger(value);
    if (!isExact || !fit.test(claim) || (where === 'list' && claim.includes('|'))) {
      throw new ClaimError(`the claim ${name} holds characters that are not allowed in a policy`);
    }
    return claim;
  });
}

/** The same in every text below a value. Names of members stay as they are. */
export function fillTexts<Value>(value: Value, claims: Claims, where: 'path' | 'list' = 'path'): Value {
  const filled: unknown =
    typeof value === 'string'
      ? fillText(value, claims, where)
      : Array.isArray(value)
        ? value.map((item: unknown) => fillTexts(item, claims, where))
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value).map(([name, item]) => [name, fillTexts(item, claims, where)]),
            )
          : value;
  return filled as Value;
}

/** Claims a file mentions. */
export function claimNames({
  policy,
  mediaLibrary,
}: Pick<SignPolicyFile, 'policy' | 'mediaLibrary'>): string[] {
  const text = JSON.stringify([policy, mediaLibrary ?? null]);
  return [...new Set([...text.matchAll(placeholder)].map(([, name = '']) => name))];
}
