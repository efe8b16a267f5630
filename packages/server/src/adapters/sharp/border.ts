import type { Step } from '@counterseal/protocol';
import { type Radii, roundCorners, visitCorners } from './corners.js';
import { pipelineOf, type Raster, toRaster, withAlpha } from './raster.js';

type Border = Extract<Step, { op: 'border' }>;

/** Puts a frame around a picture. With radii it is a ring: its inner edge follows them, its outer edge is parallel to that. */
export async function addBorder(raster: Raster, { width, color, radii }: Border): Promise<Raster> {
  const isRing = radii?.some((radius) => radius > 0) ?? false;
  const inner = isRing ? await withAlpha(raster) : raster;
  const framed = await toRaster(
    pipelineOf(inner).extend({ top: width, right: width, bottom: width, left: width, background: color }),
  );
  if (radii === null || !isRing) return framed;

  const { data } = framed;
  const bandOfColor = [color.r, color.g, color.b];
  visitCorners(inner, radii, (x, y, coverage) => {
    const at = ((y + width) * framed.width + x + width) * 4;
    const imageAlpha = Math.min((data[at + 3] ?? 0) / 255, coverage);
    const ringAlpha = (1 - coverage) * color.alpha;
    const alpha = imageAlpha + ringAlpha;
    for (const [band, ringValue] of bandOfColor.entries()) {
      const mixed = (data[at + band] ?? 0) * imageAlpha + ringValue * ringAlpha;
      data[at + band] = alpha === 0 ? 0 : Math.round(mixed / alpha);
    }
    data[at + 3] = Math.round(alpha * 255);
  });
  const outer = radii.map((radius) => (radius > 0 ? radius + width : 0));
  roundCorners(framed, outer as unknown as Radii);
  return framed;
}
