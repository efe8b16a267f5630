import { canonicalFormat } from './formats.js';
import type { Transformation } from './language.js';
import { looksLikeComponent, MAX_TRANSFORMATION_LENGTH, parseTransformation } from './parse.js';
import { printTransformation } from './print.js';
import { invalidExtension, invalidTransformation } from './refusals.js';

/** Most transformations in one `eager` value. */
export const MAX_EAGER_ITEMS = 64;

/** One wanted derivative. */
export interface EagerItem {
  readonly transformation: Transformation;
  /** Canonical transformation text, without the format. */
  readonly canonical: string;
  /** Format asked for after the slash, canonical spelling; null when there was none. */
  readonly format: string | null;
  /** The text ended in a bare `/`: no format, and the delivery URL has no extension. */
  readonly explicitNone: boolean;
}

/**
 * Reads an `eager` value: items joined by `|`, each may end in `/<format>` or in a bare `/` (transformations reference,
 * section 1.8). Throws `ApiError` 400 only.
 */
export function parseEager(text: string): readonly EagerItem[] {
  if (text.length > MAX_EAGER_ITEMS * (MAX_TRANSFORMATION_LENGTH + 1)) throw invalidTransformation();
  const items = text.split('|');
  if (items.length > MAX_EAGER_ITEMS) throw invalidTransformation();
  return items.map(parseItem);
}

/** The text that answers carry: canonical, format after a slash (upload-api reference, section 4.2). */
export function printEager(item: Pick<EagerItem, 'canonical' | 'format' | 'explicitNone'>): string {
  if (item.format !== null) return `${item.canonical}/${item.format}`;
  return item.explicitNone ? `${item.canonical}/` : item.canonical;
}

function parseItem(text: string): EagerItem {
  const slash = text.lastIndexOf('/');
  const last = text.slice(slash + 1);
  const hasSuffix = slash >= 0 && !looksLikeComponent(last);
  if (text === '' || text === '/') throw invalidTransformation();
  const transformation = parseTransformation(hasSuffix ? text.slice(0, slash) : text);
  const format = hasSuffix && last !== '' ? readExtension(last) : null;
  const explicitNone = hasSuffix && last === '';
  return { transformation, canonical: printTransformation(transformation), format, explicitNone };
}

function readExtension(text: string): string {
  const format = canonicalFormat(text);
  if (format === null) throw invalidExtension(text);
  return format;
}
