import type { Compass, Gravity } from './language.js';
import type { Reader } from './readers.js';
import { invalidValue, unsupported } from './refusals.js';

const compass = (column: Compass['column'], row: Compass['row']): Compass => ({
  kind: 'compass',
  column,
  row,
});

export const CENTER = compass(0, 0);
export const NORTH = compass(0, -1);
export const NORTH_WEST = compass(-1, -1);

/** Every gravity that is built, with its rule for "nothing found" (transformations reference, section 2.3). */
const built = new Map<string, Gravity>([
  ['north_west', NORTH_WEST],
  ['north', NORTH],
  ['north_east', compass(1, -1)],
  ['west', compass(-1, 0)],
  ['center', CENTER],
  ['east', compass(1, 0)],
  ['south_west', compass(-1, 1)],
  ['south', compass(0, 1)],
  ['south_east', compass(1, 1)],
  ['xy_center', { kind: 'point' }],
  ['face', { kind: 'regions', sources: ['face'], fallback: NORTH }],
  ['face:center', { kind: 'regions', sources: ['face'], fallback: CENTER }],
  ['face:auto', { kind: 'regions', sources: ['face'], fallback: 'auto' }],
  ['faces', { kind: 'regions', sources: ['faces'], fallback: NORTH }],
  ['faces:center', { kind: 'regions', sources: ['faces'], fallback: CENTER }],
  ['faces:auto', { kind: 'regions', sources: ['faces'], fallback: 'auto' }],
  ['custom', { kind: 'regions', sources: ['custom'], fallback: CENTER }],
  ['custom:face', { kind: 'regions', sources: ['custom', 'face'], fallback: NORTH }],
  ['custom:faces', { kind: 'regions', sources: ['custom', 'faces'], fallback: NORTH }],
  ['auto', { kind: 'auto', customFirst: true }],
  ['auto:subject', { kind: 'auto', customFirst: true }],
  ['auto:classic', { kind: 'auto', customFirst: true }],
  ['auto:none', { kind: 'auto', customFirst: false }],
  ['auto:custom_no_override', { kind: 'auto', customFirst: false }],
]);

/** Known kinds that are not built: add-ons, detectors, stored regions, and options of `auto`. */
const later = new Set([
  'auto',
  'body',
  'adv_face',
  'adv_faces',
  'adv_eyes',
  'ocr_text',
  'track_person',
  'clipping_path',
  'liquid',
  'cld-decompose_tile',
]);

export const readGravity: Reader<Gravity> = (text, param) => {
  const gravity = built.get(text);
  if (gravity !== undefined) return gravity;
  const kind = text.split(':', 1)[0] ?? '';
  throw later.has(kind) || text.startsWith('region_') ? unsupported(param, text) : invalidValue(param, text);
};
