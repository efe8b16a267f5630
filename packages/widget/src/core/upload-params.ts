import type { WireParams } from './credentials.js';
import { eagerText, transformationText } from './transformation-text.js';

/**
 * Parameters of the Upload API that a page may set in the widget's options, under their own names or in camelCase. Other options are
 * the widget's own or invented, and are not sent: a name that the server does not know would not be part of what it verifies.
 */
export const passedThrough: readonly string[] = [
  'access_control access_mode accessibility_analysis allowed_formats asset_folder async audit_context auto_chaptering',
  'auto_tagging auto_transcription auto_video_details background_removal backup batch_id categorization',
  'cinemagraph_analysis clear_invalid colors context custom_coordinates detection discard_original_filename display_name',
  'eager eager_async eager_notification_url exif face_coordinates faces filename_override folder format headers',
  'image_metadata invalidate manifest_json manifest_transformation media_metadata metadata moderation notification_url',
  'ocr on_success overwrite phash public_id public_id_prefix quality_analysis quality_override raw_convert regions',
  'responsive_breakpoints return_delete_token similarity_search tags template template_vars transformation type',
  'unique_display_name unique_filename upload_preset use_asset_folder_as_public_id_prefix use_filename',
  'use_filename_as_display_name visual_search',
].flatMap((line) => line.split(' '));

const names: ReadonlySet<string> = new Set(passedThrough);

/** Written as `key=value|key=value`. */
const pairNames: ReadonlySet<string> = new Set(['context', 'metadata', 'audit_context']);

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Values as they are sent and signed, without the empty ones. Names that the Upload API does not know are left out. */
export function wireParams(given: Readonly<Record<string, unknown>>): WireParams {
  const params: Record<string, string> = {};
  for (const [spelled, value] of Object.entries(given)) {
    const name = snakeCase(spelled);
    if (!names.has(name)) continue;
    const text = wireValue(name, value);
    if (text !== '') params[name] = text;
  }
  return params;
}

function wireValue(name: string, value: unknown): string {
  if (value === null || value === undefined || typeof value === 'function') return '';
  if (typeof value !== 'object') return String(value);
  if (name === 'eager') return eagerText(value);
  if (name === 'transformation') return transformationText(value);
  if (Array.isArray(value)) return value.every(isPlain) ? value.join(',') : JSON.stringify(value);
  return pairNames.has(name) ? pairsText(value) : JSON.stringify(value);
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

/** "`a=b|c=d` with `\` before `=` and `|`" (observed behaviours, section 4). */
function pairsText(pairs: object): string {
  return Object.entries(pairs)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(
      ([key, value]) =>
        `${escapePair(key)}=${escapePair(Array.isArray(value) ? JSON.stringify(value) : String(value))}`,
    )
    .join('|');
}

function escapePair(text: string): string {
  return text.replace(/[=|]/g, '\\$&');
}
