import exifr from 'exifr';
import type { Metadata } from 'sharp';
import type { AnalysisResult } from '../../ports/renderer.js';
import type { Raster } from './raster.js';

type MetadataAnalysis = NonNullable<AnalysisResult['metadata']>;

/** Largest difference between the bands of a pixel that still counts as grey: room for chroma rounding. */
const GREY_TOLERANCE = 6;
const MAX_VALUE_CHARACTERS = 1_000;
const DEFAULT_DPI = 72;

/** What the file says of itself, as strings, and three facts of its pixels (upload-api reference, section 4.2). */
export async function analyseMetadata(
  path: string,
  seen: { header: Metadata; sample: Raster; opaque: Raster },
): Promise<MetadataAnalysis> {
  const { header, sample, opaque } = seen;
  return {
    image_metadata: { ...(await readTags(path)), ...headerTags(header) },
    grayscale: isGrey(opaque),
    semi_transparent: hasTransparency(sample),
    illustration_score: illustrationScore(opaque),
  };
}

async function readTags(path: string): Promise<Record<string, string>> {
  // Formats without such tags make it throw; that is not a fault of the picture.
  const tags: unknown = await exifr
    .parse(path, {
      tiff: true,
      exif: true,
      gps: true,
      iptc: true,
      jfif: true,
      xmp: false,
      icc: false,
      reviveValues: false,
    })
    .catch(() => undefined);
  const strings: [string, string][] = [];
  for (const [name, value] of Object.entries(tags ?? {})) {
    const text = toText(value);
    if (text !== null && /^\w{1,60}$/.test(name)) strings.push([name, text]);
  }
  return Object.fromEntries(strings);
}

function headerTags(header: Metadata): Record<string, string> {
  return {
    Colorspace: header.space === 'cmyk' ? 'CMYK' : header.space === 'b-w' ? 'Gray' : 'RGB',
    DPI: String(header.density ?? DEFAULT_DPI),
  };
}

function toText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    // Control characters have no place in an answer.
    return value
      .replace(/[\u0000-\u001f\u007f]/g, ' ')
      .trim()
      .slice(0, MAX_VALUE_CHARACTERS);
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) {
    return value.join(', ').slice(0, MAX_VALUE_CHARACTERS);
  }
  return null;
}

function isGrey({ data, channels }: Raster): boolean {
  for (let at = 0; at < data.length; at += channels) {
    const [r = 0, g = 0, b = 0] = [data[at], data[at + 1], data[at + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > GREY_TOLERANCE) return false;
  }
  return true;
}

function hasTransparency({ data, channels }: Raster): boolean {
  if (channels === 3) return false;
  for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 255) < 255) return true;
  return false;
}

/**
 * How much a picture looks drawn, 0 (photograph) to 1: the share of pixels that equal their right neighbour exactly.
 * Drawings have flat areas; sensors have noise everywhere. Our own measure: the reference publishes none.
 */
export function illustrationScore({ data, width, height, channels }: Raster): number {
  if (width < 2) return 0;
  let equal = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width - 1; x += 1) {
      const at = (y * width + x) * channels;
      const next = at + channels;
      const same =
        data[at] === data[next] && data[at + 1] === data[next + 1] && data[at + 2] === data[next + 2];
      if (same) equal += 1;
    }
  }
  return Math.round((equal / (height * (width - 1))) * 100) / 100;
}
