const standardAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlSafeAlphabet = `${standardAlphabet.slice(0, 62)}-_`;

/** Both alphabets at once: the official Ruby SDK writes `-` and `_` (upload-api reference, section 2.11). */
const sextets = new Map<string, number>([
  ...Array.from(standardAlphabet, (letter, value) => [letter, value] as const),
  ...Array.from(urlSafeAlphabet, (letter, value) => [letter, value] as const),
]);

export interface Base64Options {
  /** RFC 4648 section 5 letters instead of section 4. */
  readonly urlSafe?: boolean;
  /** Defaults to true. */
  readonly padded?: boolean;
}

/** RFC 4648 base64 of bytes. Written out because this package leans on no platform object. */
export function encodeBase64(bytes: Uint8Array, options: Base64Options = {}): string {
  const alphabet = options.urlSafe === true ? urlSafeAlphabet : standardAlphabet;
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(bytes.length - at, 3) + 1;
    for (let letter = 0; letter < 4; letter += 1) {
      text += letter < letters ? alphabet.charAt((group >> (18 - 6 * letter)) & 63) : '=';
    }
  }
  return options.padded === false ? text.replace(/=+$/, '') : text;
}

/** Bytes of base64 in either alphabet, padded or not; null for anything else. */
export function decodeBase64(text: string): Uint8Array | null {
  const letters = text.replace(/={1,2}$/, '');
  if (letters.length % 4 === 1 || (letters !== text && text.length % 4 !== 0)) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let pending = 0;
  let pendingBits = 0;
  let written = 0;
  for (const letter of letters) {
    const sextet = sextets.get(letter);
    if (sextet === undefined) return null;
    pending = ((pending << 6) | sextet) & 0xffff;
    pendingBits += 6;
    if (pendingBits >= 8) {
      pendingBits -= 8;
      bytes[written] = (pending >> pendingBits) & 0xff;
      written += 1;
    }
  }
  return bytes;
}
