import type { Flag } from './language.js';
import { listOf, type Reader } from './readers.js';
import { invalidValue, unsupported } from './refusals.js';

const MAX_FLAGS = 16;
const MAX_FILENAME_LENGTH = 200;
const progressiveModes = new Set(['semi', 'steep', 'none']);

type ArgumentCheck = (argument: string | null) => boolean;

const noArgument: ArgumentCheck = (argument) => argument === null;

/** Tier 1 (transformations reference, section 3): flag -> whether its argument is legal. */
const built = new Map<string, ArgumentCheck>([
  ['attachment', (argument) => argument === null || attachmentFilename(argument) !== null],
  ['progressive', (argument) => argument === null || progressiveModes.has(argument)],
  ['ignore_aspect_ratio', noArgument],
  ['sanitize', noArgument],
]);

const later =
  'streaming_attachment layer_apply relative no_overflow lossy preserve_transparency any_format keep_iptc ' +
  'keep_attribution force_strip strip_profile force_icc png8 png24 png32 awebp apng animated immutable_cache original ' +
  'no_stream getinfo region_relative tiled cutter text_no_trim text_disallow_overflow clip clip_evenodd replace_image ' +
  'rasterize group4 tiff8_lzw ignore_mask_channels c2pa draco splice waveform mono keep_dar truncate_ts hlsv3 alternate';

/** Flag name -> whether it is built; the compatibility page is checked against this. */
export const flagSupport: ReadonlyMap<string, 'built' | 'later'> = new Map([
  ...[...built.keys()].map((name) => [name, 'built'] as const),
  ...later.split(' ').map((name) => [name, 'later'] as const),
]);

const readFlag: Reader<Flag> = (text, param) => {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const argument = colon < 0 ? null : text.slice(colon + 1);
  if (flagSupport.get(name) === 'later') throw unsupported(param, name);
  if (built.get(name)?.(argument) !== true) throw invalidValue(param, text);
  return { name, argument };
};

/** Flags joined by `.` (section 1.7). */
export const readFlags: Reader<readonly Flag[]> = listOf('.', MAX_FLAGS, readFlag);

/**
 * The name of `fl_attachment:<name>`: letters, digits, `_ - !` and space; a `.` comes doubly escaped, so it is still `%2E` here
 * (section 1.15). Null when it is not a legal name.
 */
export function attachmentFilename(argument: string): string | null {
  const name = argument.replaceAll(/%2e/gi, '.').normalize('NFC');
  return name.length <= MAX_FILENAME_LENGTH && /^[\p{L}\p{M}\p{N}_!. -]+$/u.test(name) ? name : null;
}
