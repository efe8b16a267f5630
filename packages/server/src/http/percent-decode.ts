import { ApiError } from '@counterseal/protocol';

const percent = 0x25;
const plus = 0x2b;
const space = 0x20;
const hexPair = /^[0-9a-f]{2}$/i;

/**
 * Percent-decodes; `rest` is an escape that has only begun.
 * @param plusIsSpace as in forms, not in URIs
 */
export function decodeEscapes(input: Buffer, plusIsSpace: boolean): { decoded: Buffer; rest: Buffer } {
  const decoded = Buffer.allocUnsafe(input.length);
  let length = 0;
  let index = 0;
  for (; index < input.length; index++) {
    const byte = input[index] ?? 0;
    if (byte === percent) {
      if (index + 2 >= input.length) break;
      const text = input.toString('latin1', index + 1, index + 3);
      if (!hexPair.test(text)) throw brokenEscape();
      decoded[length++] = Number.parseInt(text, 16);
      index += 2;
    } else {
      decoded[length++] = plusIsSpace && byte === plus ? space : byte;
    }
  }
  return { decoded: decoded.subarray(0, length), rest: input.subarray(index) };
}

export function brokenEscape(): ApiError {
  return new ApiError('malformed-body', { reason: "a '%' is not followed by two hex digits" });
}
