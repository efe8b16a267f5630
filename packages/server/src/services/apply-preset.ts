import { ApiError } from '@counterseal/protocol';
import type { UploadPreset } from '../ports/account-store.js';
import { parsePairs } from './pairs.js';

type Parameters = ReadonlyMap<string, string | readonly string[]>;

/** Not applied from presets (upload-api reference, section 3.3). */
const neverFromPreset: ReadonlySet<string> = new Set(['face_coordinates', 'custom_coordinates']);

/**
 * The parameters an upload acts on: request and preset merged by the rules of the upload-api reference, section 3.4.
 *
 * Signed: the request wins. Unsigned: the preset wins and `overwrite` is false whatever is set. Tags and context are united
 * in both.
 */
export function applyPreset(
  request: Parameters,
  preset: UploadPreset | null,
  rules: 'signed' | 'unsigned',
): Parameters {
  const merged = new Map(request);
  for (const [name, setting] of Object.entries(preset?.settings ?? {})) {
    if (neverFromPreset.has(name) || setting === '') continue;
    const given = request.get(name);
    const merge = union[name];
    if (given === undefined) merged.set(name, setting);
    else if (merge !== undefined) merged.set(name, merge(winnerLast(given, setting, rules)));
    else if (rules === 'unsigned') merged.set(name, setting);
  }
  if (preset?.disallowPublicId === true) {
    if (request.has('public_id')) throw new ApiError('public-id-not-allowed');
    merged.set('unique_filename', 'true');
  }
  if (rules === 'unsigned') merged.set('overwrite', 'false');
  return merged;
}

const union: Readonly<Record<string, (texts: readonly [string, string]) => string>> = {
  tags: (texts) => [...new Set(texts.join(',').split(','))].filter((tag) => tag.trim() !== '').join(','),
  context: ([loser, winner]) =>
    JSON.stringify({ ...parsePairs('context', loser), ...parsePairs('context', winner) }),
};

function winnerLast(
  given: string | readonly string[],
  setting: string,
  rules: 'signed' | 'unsigned',
): readonly [string, string] {
  const text = typeof given === 'string' ? given : given.join(',');
  return rules === 'signed' ? [setting, text] : [text, setting];
}
