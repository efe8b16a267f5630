/** Small readers of values: text in, value out, or an error that carries the parameter's own name. Each is linear in its text. */

import type { Offset, Radii, Radius } from './language.js';
import { invalidValue, unsupported } from './refusals.js';
import type { Dimension } from './types.js';

/** A reader of one value; `param` is the name that errors carry (`width`, `gravity`). */
export type Reader<T> = (text: string, param: string) => T;

/** Longest number text: nothing sensible needs more. */
const MAX_NUMBER_LENGTH = 12;

/** Words that make a value an expression (transformations reference, section 1.10); `iw` and `ih` alone are plain sizes. */
const expressionWords = new Set(
  'add sub mul div mod pow w h ar cp iw ih iar idn fc pc px py tar ils ccc rc rn du idu'.split(' '),
);

const isDigit = (code: number) => code >= 48 && code <= 57;

/** `-12`, `7`, `0.5`: digits, with a fraction when there is a dot. Null for anything else, also exponents and bare dots. */
export function parseNumber(text: string): number | null {
  const start = text.startsWith('-') ? 1 : 0;
  if (text.length === start || text.length > MAX_NUMBER_LENGTH) return null;
  let dots = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '.') dots += 1;
    else if (!isDigit(text.charCodeAt(index))) return null;
  }
  if (dots > 1 || text[start] === '.' || text.endsWith('.')) return null;
  return Number(text);
}

/** A number within bounds. */
export function number(min: number, max: number): Reader<number> {
  return (text, param) => {
    const value = parseNumber(text);
    if (value === null) throw notANumber(text, param);
    if (value < min || value > max) throw invalidValue(param, text);
    return value;
  };
}

/** A whole number within bounds. */
export function whole(min: number, max: number): Reader<number> {
  const read = number(min, max);
  return (text, param) => {
    const value = read(text, param);
    if (text.includes('.')) throw invalidValue(param, text);
    return value;
  };
}

/** One of the built words; a word of `later` is known and refused by name; others are not values at all. */
export function choice<T extends string>(built: readonly T[], later: readonly string[] = []): Reader<T> {
  return (text, param) => {
    const found = built.find((word) => word === text);
    if (found !== undefined) return found;
    throw later.includes(text) ? unsupported(param, text) : invalidValue(param, text);
  };
}

/** A list whose items are joined by one character, at most `max` of them. */
export function listOf<T>(separator: string, max: number, item: Reader<T>): Reader<readonly T[]> {
  return (text, param) => {
    const parts = text.split(separator, max + 1);
    if (parts.length > max) throw invalidValue(param, text);
    return parts.map((part) => item(part, param));
  };
}

/** Whole = pixels, with a dot = share of the reference side (section 1.7). Zero is refused (section 1.14). */
export const readDimension: Reader<Dimension> = (text, param) => {
  if (text === 'iw') return { kind: 'original', side: 'width' };
  if (text === 'ih') return { kind: 'original', side: 'height' };
  if (text === 'auto' || text.startsWith('auto:')) throw unsupported(param, text);
  const { kind, value } = readOffset(text, param);
  if (value <= 0) throw invalidValue(param, text);
  return { kind, value };
};

export const readOffset: Reader<Offset> = (text, param) => {
  const value = parseNumber(text);
  if (value === null) throw notANumber(text, param);
  return { kind: text.includes('.') ? 'share' : 'pixels', value };
};

/** `16:9` or `1.78`: width divided by height. */
export const readRatio: Reader<number> = (text, param) => {
  const parts = text.split(':', 3);
  const [width, height = '1'] = parts;
  const ratio = (parseNumber(width ?? '') ?? Number.NaN) / (parseNumber(height) ?? Number.NaN);
  if (Number.isNaN(ratio)) throw notANumber(text, param);
  if (parts.length > 2 || ratio <= 0 || ratio === Number.POSITIVE_INFINITY) throw invalidValue(param, text);
  return ratio;
};

const readRadius: Reader<Radius> = (text, param) =>
  text === 'max' ? 'max' : number(0, Number.MAX_SAFE_INTEGER)(text, param);

const readRadiusList = listOf(':', 4, readRadius);

/** One to four radii, shared out as CSS does. */
export const readRadii: Reader<Radii> = (text, param) => {
  const [topLeft = 0, topRight = topLeft, bottomRight = topLeft, bottomLeft = topRight] = readRadiusList(
    text,
    param,
  );
  return [topLeft, topRight, bottomRight, bottomLeft];
};

/** Tells arithmetic and variables, which wait (section 1.10), from nonsense. */
function notANumber(text: string, param: string): Error {
  const isExpression =
    text.startsWith('$') ||
    text.includes('_$') ||
    text.split('_').some((word) => expressionWords.has(word)) ||
    text.startsWith('!');
  return isExpression ? unsupported('expression', text) : invalidValue(param, text);
}
