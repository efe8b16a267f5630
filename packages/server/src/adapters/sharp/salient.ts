import type { Size } from '@counterseal/protocol';
import { pipelineOf, type Raster, toRaster } from './raster.js';

/** Where a window is cut: by libvips' attention measure, or in the middle (animations: transformations reference, 2.2). */
export type SalientPosition = 'attention' | 'centre';

/** Scales to cover the size, then cuts the most salient window. */
export function coverSalient(
  raster: Raster,
  { width, height }: Size,
  position: SalientPosition,
): Promise<Raster> {
  return toRaster(pipelineOf(raster).resize({ width, height, fit: 'cover', position }));
}

/**
 * Cuts the most salient window without scaling. sharp cuts by attention only while it scales to cover, which at scale 1 moves
 * along one axis: so one axis is cut after the other.
 */
export async function extractSalient(raster: Raster, size: Size, position: SalientPosition): Promise<Raster> {
  const narrowed = await coverSalient(raster, { width: size.width, height: raster.height }, position);
  return coverSalient(narrowed, size, position);
}
