import type { LogFields } from '../../ports/logger.js';

/** What stands in the log in place of a secret. */
export const REDACTED = '[redacted]';

/** A field whose name contains one of these (letters only, any case) is never written, at any depth. */
const secretNames =
  /secret|signature|authorization|authentication|cookie|password|passwd|passphrase|credential|token|masterkey|privatekey/;
/** Secrets inside text: the user-info of a URL (`cloudinary://key:secret@cloud`), HTTP credentials, query values. */
const secretTexts: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/]*):[^\s@/]+@/gi, `$1:${REDACTED}@`],
  [/\b(Basic|Bearer) +[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\b((?:api_)?secret|signature|token)=[^&\s"']+/gi, `$1=${REDACTED}`],
];
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
/** Longer text is cut: a log line is no place for a whole request. */
const MAX_TEXT_CHARS = 16_384;

/** A plain copy of the fields that can be written as JSON, without secrets (threat model T3, T49). */
export function redactFields(fields: LogFields): Record<string, unknown> {
  return copyEntries(Object.entries(fields), 0);
}

function copyEntries(
  entries: readonly (readonly [string, unknown])[],
  depth: number,
): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isSecretName(name) ? REDACTED : copy(value, depth + 1)]),
  );
}

function isSecretName(name: string): boolean {
  return secretNames.test(name.toLowerCase().replace(/[^a-z]/g, ''));
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  // Also the end of every cycle.
  if (depth > MAX_DEPTH) return '[too deep]';
  if (value instanceof Error) return copyError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value;
  if (value instanceof URL) return redactText(value.href);
  if (value instanceof Map) return copyEntries(mapEntries(value), depth);
  if (value instanceof Set || Array.isArray(value)) {
    return [...value].slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1));
  }
  return copyEntries(Object.entries(value), depth);
}

function mapEntries(map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  return [...map].map(([name, value]) => [String(name), value]);
}

/** `message` and `stack` are not enumerable; `code` and whatever else the thrower added are. */
function copyError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const told = { type: name, message, stack, ...(cause === undefined ? {} : { cause }) };
  return copyEntries(Object.entries({ ...error, ...told }), depth);
}

/** Every pattern reads a text once, whatever is in it. */
function redactText(text: string): string {
  const short = text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}...` : text;
  return secretTexts.reduce((safe, [pattern, replacement]) => safe.replace(pattern, replacement), short);
}
