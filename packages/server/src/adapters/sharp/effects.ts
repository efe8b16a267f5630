import type { Effect } from '@counterseal/protocol';
import type { Matrix3x3 } from 'sharp';
import { pipelineOf, type Raster, toRaster } from './raster.js';

/** Tier-1 effects by the recipes of the transformations reference, section 4.1. Alpha and size stay as they are. */

/** libvips' smallest and largest useful blur. */
const MIN_BLUR_SIGMA = 0.3;
const MAX_BLUR_SIGMA = 100;
const BLUR_AMOUNT_PER_SIGMA = 20;
const HUE_DEGREES_PER_POINT = 1.8;
/** Flat and jagged strength of sharp's own default at amount 100. */
const SHARPEN = { sigma: 1, flat: 1, jagged: 2 } as const;
/** The weights of the CSS `grayscale()` filter. sharp's own greyscale would lose the alpha of raw output. */
const LUMA: [number, number, number] = [0.2126, 0.7152, 0.0722];
const GRAYSCALE: Matrix3x3 = [LUMA, LUMA, LUMA];
const SEPIA = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
] as const;
/** Slope of the sigmoid in mid grey at level 100. */
const SIGMOID_MAX_SLOPE = 10;

export function applyEffect(raster: Raster, effect: Effect): Promise<Raster> {
  const pipeline = pipelineOf(raster);
  const share = 'amount' in effect ? effect.amount / 100 : 0;
  switch (effect.name) {
    case 'grayscale':
      return toRaster(pipeline.recomb(GRAYSCALE));
    case 'negate':
      return toRaster(pipeline.negate({ alpha: false }));
    case 'sepia':
      return toRaster(pipeline.recomb(blendWithIdentity(SEPIA, share)));
    case 'blur':
      return toRaster(
        pipeline.blur(clamp(effect.amount / BLUR_AMOUNT_PER_SIGMA, MIN_BLUR_SIGMA, MAX_BLUR_SIGMA)),
      );
    case 'sharpen':
      return toRaster(
        pipeline.sharpen({ sigma: SHARPEN.sigma, m1: SHARPEN.flat * share, m2: SHARPEN.jagged * share }),
      );
    case 'brightness':
      return toRaster(pipeline.linear(Math.max(0, 1 + share), 0));
    case 'saturation':
      return toRaster(pipeline.modulate({ saturation: Math.max(0, 1 + share) }));
    case 'hue':
      return toRaster(pipeline.modulate({ hue: Math.round(effect.amount * HUE_DEGREES_PER_POINT) }));
    case 'contrast':
      return effect.curve === 'linear'
        ? toRaster(pipeline.linear(share, 127.5 * (1 - share)))
        : Promise.resolve(mapColors(raster, sigmoidTable(effect.amount)));
    case 'pixelate':
      return Promise.resolve(pixelate(raster, Math.max(1, Math.round(effect.amount))));
    default:
      return effect satisfies never;
  }
}

function blendWithIdentity(matrix: readonly (readonly number[])[], share: number): Matrix3x3 {
  const rows = matrix.map((row, y) => row.map((value, x) => value * share + (x === y ? 1 - share : 0)));
  return rows as unknown as Matrix3x3;
}

/** Contrast around mid grey: an S-curve for levels above 0, its inverse below. 256 output values. */
export function sigmoidTable(level: number): Uint8Array {
  const slope = (Math.abs(level) / 100) * SIGMOID_MAX_SLOPE;
  if (slope === 0) return Uint8Array.from({ length: 256 }, (_, value) => value);
  const curve = (at: number) => 1 / (1 + Math.exp(slope * (0.5 - at)));
  const low = curve(0);
  const high = curve(1);
  const inverse = (at: number) => 0.5 - Math.log(1 / (low + at * (high - low)) - 1) / slope;
  return Uint8Array.from({ length: 256 }, (_, value) => {
    const at = value / 255;
    return Math.round(255 * clamp(level > 0 ? (curve(at) - low) / (high - low) : inverse(at), 0, 1));
  });
}

function mapColors(raster: Raster, table: Uint8Array): Raster {
  const data = Buffer.from(raster.data);
  for (let at = 0; at < data.length; at += raster.channels) {
    for (let band = at; band < at + 3; band += 1) data[band] = table[data[band] ?? 0] ?? 0;
  }
  return { ...raster, data };
}

/** Squares of `side` pixels from the top left, each in the colour of its middle. */
function pixelate(raster: Raster, side: number): Raster {
  const { width, height, channels } = raster;
  const data = Buffer.allocUnsafe(raster.data.length);
  const middleOf = (at: number, length: number) =>
    Math.min(length - 1, Math.floor(at / side) * side + Math.floor(side / 2));
  for (let y = 0; y < height; y += 1) {
    const row = y * width * channels;
    if (y % side !== 0) {
      data.copyWithin(row, row - width * channels, row);
      continue;
    }
    const middleRow = middleOf(y, height) * width;
    for (let x = 0; x < width; x += 1) {
      const from = (middleRow + middleOf(x, width)) * channels;
      raster.data.copy(data, row + x * channels, from, from + channels);
    }
  }
  return { ...raster, data };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
