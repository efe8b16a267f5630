import { ApiError } from '@counterseal/protocol';

/** Limits of the upload-api reference, section 3.3. */
const maxPairs = 1000;
const maxCharacters = 1024;
/** What a text may not hold (rulings, docs/decisions/0002), and a JSON escape can: control characters but LF, lone surrogates. */
const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Cs}]/u;

/**
 * `k=v|k=v` -> record without prototype. A backslash escapes `=`, `|` and (doubled) nothing else: before any other character it is itself
 * (observed behaviours, section 4). A JSON object is accepted as well.
 * @throws ApiError `invalid-value` on empty keys or values and beyond the limits
 */
export function parsePairs(name: string, text: string): Record<string, string> {
  const pairs: Record<string, string> = Object.create(null);
  const entries = text.startsWith('{')
    ? parseJson(name, text)
    : splitUnescaped(text, '|').map((part) => splitPair(part));
  for (const [key, value] of entries) {
    if (key === '' || value === '' || key.length > maxCharacters || value.length > maxCharacters) {
      throw invalid(name, text);
    }
    if (forbidden.test(key) || forbidden.test(value)) throw invalid(name, text);
    pairs[key] = value;
  }
  if (Object.keys(pairs).length > maxPairs) throw invalid(name, text);
  return pairs;
}

function parseJson(name: string, text: string): [string, string][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ApiError('invalid-value', { name, value: shorten(text) }, { cause });
  }
  return Object.entries(parsed as Record<string, unknown>).map(([key, value]) => {
    if (typeof value === 'object' && value !== null) throw invalid(name, text);
    return [key, String(value)];
  });
}

function splitPair(part: string): [string, string] {
  const [key = '', ...rest] = splitUnescaped(part, '=');
  const plain = (text: string) => text.replace(/\\([=|])/g, '$1');
  return [plain(key).trim(), plain(rest.join('='))];
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === separator && text[index - 1] !== '\\') {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function invalid(name: string, text: string): ApiError {
  return new ApiError('invalid-value', { name, value: shorten(text) });
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
