import { readBackground, readBorder, readColor } from './colors.js';
import { readEffect } from './effects.js';
import { readFlags } from './flags.js';
import { canonicalFormat } from './formats.js';
import { readGravity } from './gravity.js';
import type { CropMode, Quality, Settings, Turn } from './language.js';
import {
  choice,
  listOf,
  number,
  parseNumber,
  type Reader,
  readDimension,
  readOffset,
  readRadii,
  readRatio,
  whole,
} from './readers.js';
import { invalidExtension, invalidValue, unsupported } from './refusals.js';

/** Largest pixel ratio that may be asked for. */
export const MAX_DPR = 10;
const MAX_ZOOM = 100;
const MAX_TURNS = 8;
const MAX_NAMED = 8;
const MAX_NAME_LENGTH = 255;

/** All that is known of one parameter of the language. */
export interface VocabularyRow {
  /** What errors call it. */
  readonly name: string;
  readonly support: 'built' | 'later';
  /** May stand several times in one component: flags add up, of effects the last one counts (section 1.7). */
  readonly repeats: boolean;
  /** Throws `ApiError` for a bad value, and for every value when the parameter is not built. */
  readonly read: (text: string) => Settings;
}

function built<F extends keyof Settings>(
  name: string,
  field: F,
  read: Reader<NonNullable<Settings[F]>>,
): VocabularyRow {
  const one = (text: string): Settings => ({ [field]: read(text, name) });
  return { name, support: 'built', repeats: field === 'flags' || field === 'effect', read: one };
}

function later(name: string): VocabularyRow {
  const refuse = (text: string): never => {
    throw unsupported(name, text);
  };
  return { name, support: 'later', repeats: false, read: refuse };
}

const builtModes: readonly CropMode[] = [
  'scale',
  'fit',
  'limit',
  'mfit',
  'fill',
  'lfill',
  'pad',
  'lpad',
  'mpad',
  'crop',
  'thumb',
  'auto',
];
const laterModes = ['fill_pad', 'auto_pad', 'imagga_crop', 'imagga_scale'];

const readLevel = choice(['best', 'good', 'eco', 'low']);
const readPercent = whole(1, 100);

/** `80`, `80:420`, `auto`, `auto:eco`, `auto:eco:sensitive`, `auto:sensitive` (section 1.12). */
const readQuality: Reader<Quality> = (text, param) => {
  const [head = '', ...rest] = text.split(':', 4);
  if (head === 'auto') {
    const sensitive = rest.at(-1) === 'sensitive';
    const [level = 'good', ...more] = sensitive ? rest.slice(0, -1) : rest;
    if (more.length > 0) throw invalidValue(param, text);
    return { kind: 'auto', level: readLevel(level, param), sensitive };
  }
  const [chroma, ...more] = rest;
  if (head === 'jpegmini' || chroma?.startsWith('qmax') === true) throw unsupported(param, text);
  const value = readPercent(head, param);
  if (more.length > 0) throw invalidValue(param, text);
  if (chroma === undefined) return { kind: 'number', value, chroma: null };
  return {
    kind: 'number',
    value,
    chroma: choice(['420', '444'])(chroma, param) === '420' ? '4:2:0' : '4:4:4',
  };
};

/** A format name or `auto`; kinds of auto that need a video or an animation wait. */
const readFormat: Reader<string> = (text) => {
  if (text === 'auto' || text === 'auto:image') return 'auto';
  if (text === 'auto:video' || text === 'auto:animated') throw unsupported('format', text);
  const format = canonicalFormat(text);
  if (format === null) throw invalidExtension(text);
  return format;
};

const quarterTurns: readonly Turn[] = [0, 90, 180, 270];
const readNamedTurn = choice<'hflip' | 'vflip' | 'ignore'>(
  ['hflip', 'vflip', 'ignore'],
  ['auto_left', 'auto_right'],
);

/** Quarter turns, mirrors and `ignore`; other angles wait. */
const readTurn: Reader<Turn> = (text, param) => {
  const degrees = parseNumber(text);
  if (degrees === null) return /^[a-z_]+$/.test(text) ? readNamedTurn(text, param) : refuseAngle(text, param);
  const turn = quarterTurns.find((quarter) => quarter === ((degrees % 360) + 360) % 360);
  if (turn === undefined) throw unsupported(param, text);
  return turn;
};

const refuseAngle = (text: string, param: string): never => {
  throw text.includes('$') ? unsupported('expression', text) : invalidValue(param, text);
};

const readDpr: Reader<number | 'auto'> = (text, param) => {
  if (text === 'auto') return 'auto';
  const value = number(0, MAX_DPR)(text, param);
  if (value === 0) throw invalidValue(param, text);
  return value;
};

const readZoom: Reader<number> = (text, param) => {
  const value = number(0, MAX_ZOOM)(text, param);
  if (value === 0) throw invalidValue(param, text);
  return value;
};

/** Control characters and lone surrogates: no name holds them, and no store takes them. */
const unstorable = /[\p{Cc}\p{Cs}]/u;

const readName: Reader<string> = (text, param) => {
  if (text === '' || text.length > MAX_NAME_LENGTH || unstorable.test(text)) throw invalidValue(param, text);
  return text;
};

/**
 * Every parameter of the language (transformations reference, section 3), in one table. A key that is not here is unknown; a key
 * that is here and not built is refused by its name.
 */
export const vocabulary: ReadonlyMap<string, VocabularyRow> = new Map([
  ['w', built('width', 'width', readDimension)],
  ['h', built('height', 'height', readDimension)],
  ['c', built('crop', 'crop', choice(builtModes, laterModes))],
  ['ar', built('aspect ratio', 'aspectRatio', readRatio)],
  ['g', built('gravity', 'gravity', readGravity)],
  ['x', built('x', 'x', readOffset)],
  ['y', built('y', 'y', readOffset)],
  ['z', built('zoom', 'zoom', readZoom)],
  ['q', built('quality', 'quality', readQuality)],
  ['f', built('format', 'format', readFormat)],
  ['a', built('angle', 'turns', listOf('.', MAX_TURNS, readTurn))],
  ['r', built('radius', 'radii', readRadii)],
  ['b', built('background', 'background', readBackground)],
  ['bo', built('border', 'border', readBorder)],
  ['o', built('opacity', 'opacity', number(0, 100))],
  ['e', built('effect', 'effect', readEffect)],
  ['fl', built('flag', 'flags', readFlags)],
  ['dpr', built('dpr', 'dpr', readDpr)],
  ['co', built('color', 'color', readColor)],
  ['t', built('named transformation', 'named', listOf('.', MAX_NAMED, readName))],
  ['l', later('layer')],
  ['u', later('underlay')],
  ['bl', later('baseline')],
  ['cs', later('color space')],
  ['d', later('default image')],
  ['dl', later('delay')],
  ['dn', later('density')],
  ['pg', later('page')],
  ['if', later('condition')],
  ['$', later('variable')],
  ['so', later('start offset')],
  ['eo', later('end offset')],
  ['du', later('duration')],
  ['vc', later('video codec')],
  ['ac', later('audio codec')],
  ['af', later('audio frequency')],
  ['br', later('bit rate')],
  ['fps', later('frame rate')],
  ['ki', later('keyframe interval')],
  ['vs', later('video sampling')],
  ['sp', later('streaming profile')],
  ['dr', later('dynamic range')],
  ['fn', later('custom function')],
  ['p', later('prefix')],
]);
