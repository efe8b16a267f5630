const maxNameCharacters = 255;
/** Control characters, path separators, and bidirectional overrides, which can disguise an extension. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Surrogate}/\\]/gu;
/** RFC 6266, appendix D: a fallback holds no `%` pairs, quotes or non-ASCII, which clients read in different ways. */
const notPlain = /[^\x20-\x7e]|["%]/gu;
/** RFC 8187, section 3.2.1 `attr-char`, less than what encodeURIComponent leaves alone. */
const notAttrChar = /['()*]/g;

/**
 * `Content-Disposition` for a file name a client chose (`fl_attachment:name`; threat model T11): `filename` in plain ASCII, and
 * `filename*` beside it when that is not the whole name (RFC 6266, section 4.3). Without a usable name, the type alone.
 */
export function contentDisposition(type: 'attachment' | 'inline', name: string | null): string {
  const safe = [...(name ?? '').replace(unsafe, '_')].slice(0, maxNameCharacters).join('').trim();
  if (safe === '') return type;
  const fallback = safe.replace(notPlain, '_');
  const plain = `${type}; filename="${fallback}"`;
  return fallback === safe ? plain : `${plain}; filename*=UTF-8''${encodeExtended(safe)}`;
}

function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    notAttrChar,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
