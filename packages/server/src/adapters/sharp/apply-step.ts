import type { Color, Step } from '@counterseal/protocol';
import { addBorder } from './border.js';
import { TRANSPARENT, WHITE } from './colors.js';
import { roundCorners } from './corners.js';
import { applyEffect } from './effects.js';
import { pipelineOf, type Raster, toRaster, withAlpha } from './raster.js';
import { coverSalient, extractSalient, type SalientPosition } from './salient.js';

export interface StepContext {
  /** The output cannot carry alpha. */
  readonly isOpaque: boolean;
  readonly salientPosition: SalientPosition;
}

/** Applies one step of a plan to decoded pixels. One pass each: sharp's own order inside a pipeline is fixed. */
export async function applyStep(raster: Raster, step: Step, context: StepContext): Promise<Raster> {
  const pipeline = pipelineOf(raster);
  switch (step.op) {
    case 'resize':
      return toRaster(pipeline.resize({ width: step.width, height: step.height, fit: 'fill' }));
    case 'extract':
      return toRaster(pipeline.extract(step));
    case 'cover-salient':
      return coverSalient(raster, step, context.salientPosition);
    case 'extract-salient':
      return extractSalient(raster, step, context.salientPosition);
    case 'extend':
      return toRaster(
        pipeline.extend({ ...step, background: extensionColor(step.background, context.isOpaque) }),
      );
    case 'rotate':
      return toRaster(pipeline.rotate(step.degrees));
    case 'mirror':
      return toRaster(step.axis === 'horizontal' ? pipeline.flop() : pipeline.flip());
    case 'effect':
      return applyEffect(raster, step.effect);
    case 'opacity':
      return toRaster(pipeline.ensureAlpha().linear([1, 1, 1, step.percent / 100], [0, 0, 0, 0.5]));
    case 'background':
      return putUnder(raster, step.color);
    case 'round': {
      const rounded = await toRaster(pipeline.ensureAlpha());
      roundCorners(rounded, step.radii);
      return rounded;
    }
    case 'border':
      return addBorder(raster, step);
    default:
      return step satisfies never;
  }
}

/** The colour of new canvas (transformations reference, section 2.4). */
export function extensionColor(background: Color | null, isOpaque: boolean): Color {
  return background ?? (isOpaque ? WHITE : TRANSPARENT);
}

async function putUnder(raster: Raster, color: Color): Promise<Raster> {
  if (raster.channels === 3 || color.alpha === 0) return raster;
  if (color.alpha === 1) return toRaster(pipelineOf(raster).flatten({ background: color }));
  const pixel = Buffer.from([color.r, color.g, color.b, Math.round(color.alpha * 255)]);
  return toRaster(
    pipelineOf(await withAlpha(raster)).composite([
      { input: pixel, raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: 'dest-over' },
    ]),
  );
}
