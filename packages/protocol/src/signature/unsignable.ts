import type { ErrorCode } from '../errors.js';
import { unsignedNames } from '../params.js';
import { type SignableParams, valueText } from './string-to-sign.js';

/** "parameter names must match" this: a name may not hold what the string to sign is made of (threat model S3). */
const parameterName = /^[a-z][a-z0-9_]{0,63}$/;

/** Parameters whose values may hold line feeds (threat model S9; upload-api reference, section 3.3, `context` and `headers`). */
const multilineNames: ReadonlySet<string> = new Set(['context', 'metadata', 'headers']);

/** What no signed value may hold: the text that v2 writes for `&` (S2), control characters and what is not UTF-8 (S9). */
const suspicious = /%26|[\p{Control}\p{Surrogate}]/u;
const encodedAmpersand = '%26';
const illegal = /[\p{Control}\p{Surrogate}]/u;
const illegalInMultiline = /(?!\n)[\p{Control}\p{Surrogate}]/u;

export interface UnsignableParameter {
  readonly name: string;
  /** Code of the error table that says what is wrong. */
  readonly code: Extract<ErrorCode, 'illegal-parameter-name' | 'encoded-ampersand' | 'illegal-characters'>;
}

/** Whether a parameter may have this name; which names an operation knows is another question (threat model S3). */
export function isParameterName(name: string): boolean {
  return parameterName.test(name);
}

/**
 * The first parameter that makes a string to sign ambiguous, or null. Over what passes, two different canonical sets never have
 * one string (threat model S1 to S3, S9). Values of names that are never signed are not looked at.
 */
export function findUnsignableParameter(params: SignableParams): UnsignableParameter | null {
  for (const name of Object.keys(params)) {
    if (!isParameterName(name)) return { name, code: 'illegal-parameter-name' };
    if (unsignedNames.has(name)) continue;
    const value = valueText(params[name]);
    if (!suspicious.test(value)) continue;
    if (value.includes(encodedAmpersand)) return { name, code: 'encoded-ampersand' };
    if ((multilineNames.has(name) ? illegalInMultiline : illegal).test(value)) {
      return { name, code: 'illegal-characters' };
    }
  }
  return null;
}
