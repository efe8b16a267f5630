import { tooLarge } from './canvas.js';
import { canonicalFormat, isWritable, writableFormats } from './formats.js';
import type { Quality, QualityLevel, Transformation } from './language.js';
import { invalidExtension } from './refusals.js';
import type { ClientHints, OutputFormat, OutputOptions, Size } from './types.js';

/** Largest picture for which `f_auto` picks AVIF: above it encoding takes too long for a first request. About Full HD. */
export const MAX_AUTO_AVIF_PIXELS = 2_100_000;

/** `q_auto` levels, lowest first, as encoder numbers; PNG, GIF and TIFF lose nothing. Our choice: section 9.6 gives none. */
const levels: readonly QualityLevel[] = ['low', 'eco', 'good', 'best'];
const autoQuality: Readonly<Record<QualityLevel, number>> = { low: 50, eco: 65, good: 75, best: 85 };
const autoAvifQuality: Readonly<Record<QualityLevel, number>> = { low: 34, eco: 42, good: 50, best: 60 };
/** One notch above `best`, for `:sensitive`. */
const ABOVE_BEST = { avif: 68, others: 90 };

/** Formats that keep all frames of an animation. */
const animatable: readonly string[] = ['gif', 'webp'];

/** What a transformation and its address ask of the encoder. The last of several wins. */
export interface OutputWish {
  /** Format name, `auto`, or null when neither `f_` nor an extension was given. */
  readonly format: string | null;
  readonly quality: Quality | null;
  /** Null when `fl_progressive` is absent. */
  readonly progressive: boolean | null;
}

export interface OutputFacts {
  /** Format of the stored file. */
  readonly stored: string;
  readonly pages: number;
  readonly hints: ClientHints | null;
}

/** Reads the wish; `f_` wins over the extension (transformations reference, section 1.3). */
export function outputWish(transformation: Transformation, extension: string | null): OutputWish {
  const all = transformation.components.map(({ settings }) => settings);
  const flag = all.flatMap(({ flags }) => flags ?? []).findLast(({ name }) => name === 'progressive');
  return {
    format: all.findLast(({ format }) => format !== undefined)?.format ?? extension,
    quality: all.findLast(({ quality }) => quality !== undefined)?.quality ?? null,
    progressive: flag === undefined ? null : flag.argument !== 'none',
  };
}

/** Whether all frames are kept: same format as stored, or one that `f_auto` chose. Anything else shows the first frame. */
export function keepsFrames(wish: OutputWish, { stored, pages }: OutputFacts): boolean {
  const source = canonicalFormat(stored) ?? stored;
  if (pages < 2 || !animatable.includes(source)) return false;
  return wish.format === null || wish.format === 'auto' || canonicalFormat(wish.format) === source;
}

export function chooseOutput(
  wish: OutputWish,
  facts: OutputFacts,
  picture: Size & { readonly hasAlpha: boolean },
): OutputOptions {
  const animated = keepsFrames(wish, facts);
  const format = chooseFormat(wish.format, facts, picture, animated);
  if (!fitsFormat(format, picture)) throw tooLarge(picture);
  const { quality } = wish;
  return {
    format,
    quality: encoderQuality(quality, format, facts.hints),
    chroma: quality?.kind === 'number' ? quality.chroma : null,
    // "default semi with q_auto, none with a number" (section 3, flags); an interlaced PNG only grows, so it must be asked for.
    progressive: wish.progressive ?? (quality?.kind === 'auto' && format === 'jpg'),
    animated,
  };
}

function chooseFormat(
  wanted: string | null,
  facts: OutputFacts,
  picture: Size & { readonly hasAlpha: boolean },
  animated: boolean,
): OutputFormat {
  const stored = canonicalFormat(facts.stored) ?? '';
  const fallback = picture.hasAlpha || stored === 'svg' ? 'png' : 'jpg';
  if (wanted === null) return isWritable(stored) ? stored : fallback;
  if (wanted !== 'auto') {
    const format = canonicalFormat(wanted);
    if (format === null || !isWritable(format)) throw invalidExtension(wanted);
    return format;
  }
  const accepts = (format: OutputFormat) =>
    acceptsType(facts.hints?.accept ?? '', `image/${format}`) && fitsFormat(format, picture);
  if (animated) return accepts('webp') ? 'webp' : 'gif';
  if (picture.width * picture.height <= MAX_AUTO_AVIF_PIXELS && accepts('avif')) return 'avif';
  if (accepts('webp')) return 'webp';
  return stored === 'jpg' || stored === 'png' || stored === 'gif' ? stored : fallback;
}

function fitsFormat(format: OutputFormat, { width, height }: Size): boolean {
  return Math.max(width, height) <= writableFormats[format].maxSide;
}

/** The media type stands in an Accept header by its own name, and not with weight 0 (RFC 9110, section 12.5.1). */
function acceptsType(accept: string, type: string): boolean {
  return accept.split(',').some((item) => {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return name === type && (weight === undefined || Number(weight.slice('q='.length)) > 0);
  });
}

function encoderQuality(quality: Quality | null, format: OutputFormat, hints: ClientHints | null): number {
  const { defaultQuality } = writableFormats[format];
  if (quality === null) return defaultQuality;
  if (quality.kind === 'number') return quality.value;
  if (defaultQuality === 100) return defaultQuality;
  const asked = levels.indexOf(quality.level);
  const eco = levels.indexOf('eco');
  const notch = (hints?.saveData === true ? Math.min(asked, eco) : asked) + (quality.sensitive ? 1 : 0);
  const level = levels[notch];
  const table = format === 'avif' ? autoAvifQuality : autoQuality;
  if (level === undefined) return format === 'avif' ? ABOVE_BEST.avif : ABOVE_BEST.others;
  return table[level];
}
