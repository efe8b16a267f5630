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
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`a raster of ${info.channels} bands`);
  return { data, width: info.width, height: info.height, channels: info.channels, frames };
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
