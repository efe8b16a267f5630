import { readFile, stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { RenderLimitError, UndecodableError } from '../../ports/renderer.js';
import { toRendererError } from './decode-errors.js';
import { readStart } from './identify.js';
import { MAX_FRAMES, MAX_SVG_SOURCE_BYTES, maxPixelsOf } from './limits.js';
import { GIF_SCREEN_BYTES, readGifScreen } from './small-headers.js';

/** A file libvips may read: a path, or the sanitised text of an SVG (never its path, threat model T15). */
export interface ImageInput {
  readonly source: string | Buffer;
  /** Wire spelling, as probed. */
  readonly format: string;
}

/** Formats with frames in time, all of which count against the pixel cap. */
const animatedFormats = new Set(['gif', 'webp']);

/** Makes a stored file readable. Rejects with `UndecodableError` for an SVG that cannot be made harmless. */
export async function readInput(path: string, format: string): Promise<ImageInput> {
  if (format !== 'svg') return { source: path, format };
  return { source: Buffer.from(await readCleanSvg(path), 'utf8'), format };
}

/** The sanitised text of an SVG file. */
export async function readCleanSvg(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_SVG_SOURCE_BYTES) throw new UndecodableError(`an SVG of ${size} bytes`);
  const { sanitizeSvg } = await import('./sanitize-svg.js');
  const { decodeXml } = await import('./xml-text.js');
  return sanitizeSvg(decodeXml(await readFile(path)));
}

/** A pipeline that decodes strictly and within the caps of the format. */
export function openImage({ source, format }: ImageInput, options: SharpOptions = {}): Sharp {
  return sharp(source, {
    failOn: 'error',
    sequentialRead: true,
    limitInputPixels: maxPixelsOf(format),
    ...options,
  });
}

/** The header of a picture, refused when its pixels or frames are over the caps. No pixel is decoded. */
export async function readHeader(input: ImageInput): Promise<Metadata & { frames: number }> {
  const header = await openImage(input, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw toRendererError(error, input.format);
    });
  const frames = animatedFormats.has(input.format) ? (header.pages ?? 1) : 1;
  const pixels = Math.max(header.width * header.height * frames, await screenPixels(input));
  const maxPixels = maxPixelsOf(input.format);
  if (frames > MAX_FRAMES) throw new RenderLimitError('frames', frames, MAX_FRAMES);
  if (pixels > maxPixels) throw new RenderLimitError('pixels', pixels, maxPixels, input.format);
  return { ...header, frames };
}

/** The decoder takes a screen that is too large for a mistake and goes by the frames; browsers make room for it. */
async function screenPixels({ source, format }: ImageInput): Promise<number> {
  if (format !== 'gif' || typeof source !== 'string') return 0;
  const { width, height } = readGifScreen(await readStart(source, GIF_SCREEN_BYTES)) ?? {
    width: 0,
    height: 0,
  };
  return width * height;
}

/** Like {@link toRendererError}, with the true pixel count where the cap was hit. */
export async function explainFailure(error: unknown, input: ImageInput): Promise<Error> {
  const translated = toRendererError(error, input.format);
  if (!(translated instanceof RenderLimitError) || translated === error) return translated;
  return readHeader(input).then(
    () => translated,
    (fromHeader: Error) => fromHeader,
  );
}
