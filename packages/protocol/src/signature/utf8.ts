/**
 * UTF-8 by way of the language's own percent coding, the one UTF-8 codec that ECMAScript itself has. For short texts (headers,
 * tokens); the hashes take strings directly.
 */

/** UTF-8 bytes of the text. A lone surrogate becomes U+FFFD, as in every encoder of the web platform. */
export function utf8Bytes(text: string): Uint8Array {
  const encoded = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  const bytes = new Uint8Array(encoded.length);
  let written = 0;
  for (let at = 0; at < encoded.length; at += 1) {
    const isEscape = encoded.charCodeAt(at) === 0x25;
    bytes[written] = isEscape ? Number.parseInt(encoded.slice(at + 1, at + 3), 16) : encoded.charCodeAt(at);
    written += 1;
    if (isEscape) at += 2;
  }
  return bytes.slice(0, written);
}

/** The text of UTF-8 bytes, or null when they are not UTF-8 (RFC 3629: no overlong forms, no surrogates). */
export function utf8Text(bytes: Uint8Array): string | null {
  const escapes = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`);
  try {
    return decodeURIComponent(escapes.join(''));
  } catch {
    return null;
  }
}
