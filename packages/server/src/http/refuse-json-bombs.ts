import { ApiError } from '@counterseal/protocol';
import { maxFieldsBytes, maxJsonDepth, maxJsonTokens } from './limits.js';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;

/** The body itself is one level, a parameter another. */
const maxBodyDepth = maxJsonDepth + 3;

/**
 * Refuses a JSON text that costs far more to parse than to send, before it is parsed: `[],[],[],...` takes thirty times its size in
 * memory, and nobody is authenticated yet. One pass over the bytes, which stops at the first excess; a long string, such as a data
 * URI, is skipped. Whether the text is JSON is not looked at.
 * @throws ApiError `malformed-body`, `field-too-large`
 */
export function refuseJsonBombs(bytes: Buffer): void {
  let tokens = 0;
  let depth = 0;
  let bytesOutside = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === quote) {
      for (index = nextQuote(bytes, index); isEscaped(bytes, index); index = nextQuote(bytes, index)) {
        if (++tokens > maxJsonTokens) throw tooManyTokens();
      }
      tokens++;
    } else {
      bytesOutside++;
      if (byte === comma) tokens++;
      else if (byte === openBrace || byte === openBracket) {
        tokens++;
        if (++depth > maxBodyDepth) throw malformed('the JSON text is nested too deeply');
      } else if (byte === closeBrace || byte === closeBracket) depth--;
    }
    if (tokens > maxJsonTokens) throw tooManyTokens();
    if (bytesOutside > maxFieldsBytes) {
      throw new ApiError('field-too-large', { name: '(all together)', max: maxFieldsBytes });
    }
  }
}

/** Place of the next quote behind `from`; the end of the text when there is none. */
function nextQuote(bytes: Buffer, from: number): number {
  const next = bytes.indexOf(quote, from + 1);
  return next === -1 ? bytes.length : next;
}

function isEscaped(bytes: Buffer, place: number): boolean {
  if (place >= bytes.length) return false;
  let backslashes = 0;
  while (bytes[place - 1 - backslashes] === backslash) backslashes++;
  return backslashes % 2 === 1;
}

function tooManyTokens(): ApiError {
  return malformed('the JSON text has too many values');
}

function malformed(reason: string): ApiError {
  return new ApiError('malformed-body', { reason });
}
