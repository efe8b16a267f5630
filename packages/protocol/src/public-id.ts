/** Longest public id, in Unicode characters. */
export const MAX_PUBLIC_ID_LENGTH = 255;
/** Longest id taken from a file name: leaves room for a folder and a random suffix. */
export const MAX_FILENAME_ID_LENGTH = 180;
/** Id for a file name in which nothing is left. */
const NAMELESS_ID = 'file';

/** "forbidden `? & # \ % < > +`" (upload-api reference, section 3.3), control and bidi characters (T10), lone surrogates. */
const forbidden = /[?&#\\%<>+\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u;
const versionLike = /^v\d+$/;

/**
 * Whether the text, already NFC, is a legal public id (upload-api reference, section 3.3; threat model T10): 1-255 characters, no
 * forbidden one, no space or `/` at either end, no empty, `.` or `..` segment, no folder that looks like a version.
 */
export function isPublicId(text: string): boolean {
  if (text.length > MAX_PUBLIC_ID_LENGTH * 2 || [...text].length > MAX_PUBLIC_ID_LENGTH) return false;
  if (text !== text.trim() || forbidden.test(text) || text.normalize('NFC') !== text) return false;
  const segments = text.split('/');
  return (
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..') &&
    !segments.slice(0, -1).some((folder) => versionLike.test(folder))
  );
}

/** The id as it is stored and looked up: NFC. Null when it is not legal; the wire then says `invalid-public-id`. */
export function normalisePublicId(text: string): string | null {
  const normal = text.normalize('NFC');
  return isPublicId(normal) ? normal : null;
}

/**
 * A legal id from a client's file name, for `use_filename`: the last path element (some SDKs send whole paths), letters, digits,
 * `_ - .` kept, every other character replaced by `_` (section 3.3). The extension is left to the caller, who knows whether the
 * file is raw. Never empty.
 */
export function publicIdFromFilename(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const safe = [...last.trim()]
    .slice(0, MAX_FILENAME_ID_LENGTH)
    .map((character) => (/[\p{L}\p{M}\p{N}_.-]/u.test(character) ? character : '_'))
    .join('');
  return isPublicId(safe) ? safe : safe.replaceAll('.', '_') || NAMELESS_ID;
}
