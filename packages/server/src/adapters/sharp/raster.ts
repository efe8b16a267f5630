import sharp, { type Sharp } from 'sharp';
import { MAX_RESULT_PIXELS } from './limits.js';

/** One decoded frame: 8-bit sRGB, straight (not premultiplied) alpha, rows top to bottom without gaps. */
export interface Raster {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** A pipeline that starts from decoded pixels. */
export function pipelineOf({ data, width, height, channels }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: MAX_RESULT_PIXELS });
}

/** Runs a pipeline to its end and keeps the pixels. An animation comes as one tall strip of `frames`. */
export async function toRaster(pipeline: Sharp): Promise<Raster & { frames: number }> {
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const frames = info.pages ?? 1;
  const size = { width: info.width, height: info.height, frames };
  if (info.channels === 3 || info.channels === 4) return { data, ...size, channels: info.channels };
  const hasAlpha = info.channels === 2;
  return { data: spreadGrey(data, hasAlpha), ...size, channels: hasAlpha ? 4 : 3 };
}

/** The frames of a strip, top to bottom, without copying. */
export function framesOf(strip: Raster & { frames: number }): Raster[] {
  const { data, width, channels, frames } = strip;
  const height = strip.height / frames;
  const bytes = width * height * channels;
  return Array.from({ length: frames }, (_, index) => ({
    data: data.subarray(index * bytes, (index + 1) * bytes),
    width,
    height,
    channels,
  }));
}

export async function withAlpha(raster: Raster): Promise<Raster> {
  return raster.channels === 4 ? raster : toRaster(pipelineOf(raster).ensureAlpha());
}

function spreadGrey(grey: Buffer, hasAlpha: boolean): Buffer {
  const from = hasAlpha ? 2 : 1;
  const to = hasAlpha ? 4 : 3;
  const pixels = grey.length / from;
  const spread = Buffer.allocUnsafe(pixels * to);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    spread.fill(grey[pixel * from] ?? 0, pixel * to, pixel * to + 3);
    if (hasAlpha) spread[pixel * to + 3] = grey[pixel * from + 1] ?? 0;
  }
  return spread;
}
