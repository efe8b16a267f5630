import phashModule from 'sharp-phash';
import type { Raster } from './raster.js';

// The package is CommonJS with `module.exports = phash`, but types itself as an ES module's default.
const phash = phashModule as unknown as typeof phashModule.default;

/** 64-bit DCT hash as 16 hex digits. The raster must be opaque: a fourth band would be read as pixels. */
export async function perceptualHash({ data, width, height, channels }: Raster): Promise<string> {
  const bits = await phash(data, { raw: { width, height, channels } });
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}
