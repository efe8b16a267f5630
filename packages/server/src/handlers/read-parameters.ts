import { ApiError, type Rectangle } from '@counterseal/protocol';
import type { Parameters } from '../http/parameters.js';
import { parsePairs } from '../services/pairs.js';

/** Typed readers of wire parameters. Each error names the parameter. Text is normalised to NFC, after it was verified. */

const maxTags = 1000;
const maxTagCharacters = 255;
/** All are kept, answered, and looked at by each crop; the reference names no limit. */
const maxRectangles = 1000;

export function readText(parameters: Parameters, name: string): string | null {
  const value = parameters.get(name);
  if (value === undefined) return null;
  if (typeof value !== 'string') throw invalid(name, value.join(','));
  return value.normalize('NFC');
}

export function requireText(parameters: Parameters, name: string): string {
  const value = readText(parameters, name);
  if (value === null) throw new ApiError('missing-parameter', { name });
  return value;
}

const booleans: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

export function readBoolean(parameters: Parameters, name: string, fallback = false): boolean {
  const text = readText(parameters, name);
  if (text === null) return fallback;
  const value = Object.hasOwn(booleans, text) ? booleans[text] : undefined;
  if (value === undefined) {
    throw new ApiError('invalid-choice', { name, value: text, allowed: 'true, false, 1, 0' });
  }
  return value;
}

export function readInteger(
  parameters: Parameters,
  name: string,
  bounds: { fallback: number; minimum: number; maximum: number },
): number {
  const text = readText(parameters, name);
  if (text === null) return bounds.fallback;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= bounds.minimum && value <= bounds.maximum)) throw invalid(name, text);
  return value;
}

export function readChoice<Choice extends string>(
  parameters: Parameters,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const text = readText(parameters, name);
  if (text === null) return fallback;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw new ApiError('invalid-choice', { name, value: text, allowed: choices.join(', ') });
  }
  return choice;
}

/** Comma string, repeated fields or JSON array alike; trimmed, without empty items. */
export function readList(parameters: Parameters, name: string): string[] {
  const value = parameters.get(name);
  if (value === undefined) return [];
  const parts = typeof value === 'string' ? value.split(',') : value.flatMap((part) => part.split(','));
  return parts.map((part) => part.trim().normalize('NFC')).filter((part) => part !== '');
}

/** Like {@link readList}, but repeated fields are taken whole: public ids may contain commas. */
export function readIds(parameters: Parameters, name: string): string[] {
  const value = parameters.get(name);
  if (value === undefined) return [];
  return (typeof value === 'string' ? value.split(',') : [...value]).map((id) => id.normalize('NFC'));
}

export function readTags(parameters: Parameters): string[] {
  const tags = [...new Set(readList(parameters, 'tags'))];
  if (tags.length > maxTags || tags.some((tag) => tag.length > maxTagCharacters)) {
    throw invalid('tags', tags.find((tag) => tag.length > maxTagCharacters) ?? `${tags.length} tags`);
  }
  return tags;
}

export function readContext(parameters: Parameters): Record<string, string> {
  const value = parameters.get('context');
  if (value === undefined) return {};
  return parsePairs('context', (typeof value === 'string' ? value : value.join('|')).normalize('NFC'));
}

/** `x,y,w,h|x,y,w,h` in pixels of the upright original. */
export function readRectangles(parameters: Parameters, name: string): Rectangle[] {
  const text = readText(parameters, name);
  if (text === null) return [];
  const parts = text.split('|');
  if (parts.length > maxRectangles) throw invalid(name, `${parts.length} rectangles`);
  return parts.map((part) => {
    const numbers = part
      .split(',')
      .map((number) => (/^\s*\d{1,6}\s*$/.test(number) ? Number(number) : Number.NaN));
    const [left, top, width, height] = numbers;
    if (
      numbers.length !== 4 ||
      left === undefined ||
      top === undefined ||
      !width ||
      !height ||
      Number.isNaN(left + top)
    ) {
      throw invalid(name, text);
    }
    return { left, top, width, height };
  });
}

function invalid(name: string, value: string): ApiError {
  return new ApiError('invalid-value', {
    name,
    value: value.length > 100 ? `${value.slice(0, 100)}...` : value,
  });
}
