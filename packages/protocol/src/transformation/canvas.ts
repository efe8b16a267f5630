import { ApiError } from '../errors.js';
import type { Rectangle, Size, SourceFacts, Step } from './types.js';

/** Longest side that a step may make; a source that is longer already may stay so. */
export const MAX_RESULT_SIDE = 16_384;
/** Most pixels that a step may make, over all frames. */
export const MAX_RESULT_PIXELS = 64_000_000;

/** The picture between two steps, as far as planning must know it. Rectangles are in its pixels, not rounded. */
export interface Canvas extends Size {
  readonly hasAlpha: boolean;
  readonly frames: number;
  readonly faces: readonly Rectangle[];
  readonly custom: readonly Rectangle[];
}

/** Whole pixels: half up, at least 1 (transformations reference, section 2.1). The hair forgives binary fractions. */
export function roundSide(value: number): number {
  return Math.max(1, roundHalfUp(value));
}

export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5 + 1e-9);
}

export function fitsCaps(size: Size, frames: number): boolean {
  return (
    Math.max(size.width, size.height) <= MAX_RESULT_SIDE &&
    size.width * size.height * frames <= MAX_RESULT_PIXELS
  );
}

/** The source as the first step sees it: upright, or as stored when orientation is ignored. */
export function openCanvas(
  source: SourceFacts,
  options: { ignoreOrientation: boolean; frames: number },
): Canvas {
  const { hasAlpha } = source;
  const upright: Canvas = {
    ...sizeOf(source),
    hasAlpha,
    frames: options.frames,
    faces: source.faces,
    custom: source.custom,
  };
  const undo = options.ignoreOrientation ? (storedFromUpright[source.orientation] ?? []) : [];
  return undo.reduce(advance, upright);
}

/** EXIF orientation -> steps that turn the upright picture back into the stored one (inverse of the EXIF meaning). */
const storedFromUpright: Readonly<Record<number, readonly Step[]>> = {
  2: [{ op: 'mirror', axis: 'horizontal' }],
  3: [{ op: 'rotate', degrees: 180 }],
  4: [{ op: 'mirror', axis: 'vertical' }],
  5: [
    { op: 'rotate', degrees: 90 },
    { op: 'mirror', axis: 'horizontal' },
  ],
  6: [{ op: 'rotate', degrees: 270 }],
  7: [
    { op: 'rotate', degrees: 270 },
    { op: 'mirror', axis: 'horizontal' },
  ],
  8: [{ op: 'rotate', degrees: 90 }],
};

/** Whether a step would change nothing. */
export function isTrivial(step: Step, canvas: Canvas): boolean {
  switch (step.op) {
    case 'resize':
    case 'extract':
    case 'cover-salient':
    case 'extract-salient':
      return step.width === canvas.width && step.height === canvas.height;
    case 'extend':
      return step.top + step.right + step.bottom + step.left === 0;
    case 'background':
      return !canvas.hasAlpha;
    case 'opacity':
      return step.percent === 100;
    case 'round':
      return step.radii.every((radius) => radius === 0);
    case 'border':
      return step.width === 0;
    case 'rotate':
    case 'mirror':
    case 'effect':
      return false;
    default:
      return step satisfies never;
  }
}

/** The picture after a step. Throws `result-too-large` when the step makes it larger than the caps. */
export function advance(canvas: Canvas, step: Step): Canvas {
  const next = after(canvas, step);
  const grows = next.width > canvas.width || next.height > canvas.height;
  const isTurn = step.op === 'rotate';
  if (grows && !isTurn && !fitsCaps(next, next.frames)) throw tooLarge(next);
  return next;
}

export function tooLarge(size: Size): ApiError {
  return new ApiError('result-too-large', {
    got: `${size.width} x ${size.height}`,
    max: `${MAX_RESULT_SIDE} a side and ${MAX_RESULT_PIXELS} in all frames`,
  });
}

function after(canvas: Canvas, step: Step): Canvas {
  switch (step.op) {
    case 'resize':
      return moved(canvas, sizeOf(step), scaling(step.width / canvas.width, step.height / canvas.height));
    case 'extract':
      return moved(canvas, sizeOf(step), shifting(-step.left, -step.top));
    case 'cover-salient':
    case 'extract-salient':
      return { ...canvas, ...sizeOf(step), faces: [], custom: [] };
    case 'extend': {
      const width = canvas.width + step.left + step.right;
      const height = canvas.height + step.top + step.bottom;
      const hasAlpha = canvas.hasAlpha || step.background === null || step.background.alpha < 1;
      return moved({ ...canvas, hasAlpha }, { width, height }, shifting(step.left, step.top));
    }
    case 'rotate':
      return moved(canvas, step.degrees === 180 ? canvas : turned(canvas), turning(canvas, step.degrees));
    case 'mirror':
      return moved(canvas, canvas, mirroring(canvas, step.axis));
    case 'border': {
      const size = { width: canvas.width + 2 * step.width, height: canvas.height + 2 * step.width };
      return moved(canvas, size, shifting(step.width, step.width));
    }
    case 'opacity':
      return { ...canvas, hasAlpha: true };
    case 'round':
      return { ...canvas, hasAlpha: true };
    case 'background':
      return { ...canvas, hasAlpha: canvas.hasAlpha && step.color.alpha < 1 };
    case 'effect':
      return canvas;
    default:
      return step satisfies never;
  }
}

type Move = (rectangle: Rectangle) => Rectangle;

/** The same content on another canvas; rectangles that leave it are dropped. */
function moved(canvas: Canvas, size: Size, move: Move): Canvas {
  const follow = (rectangles: readonly Rectangle[]) =>
    rectangles
      .map((rectangle) => clip(move(rectangle), size))
      .filter(({ width, height }) => width > 0 && height > 0);
  return { ...canvas, ...sizeOf(size), faces: follow(canvas.faces), custom: follow(canvas.custom) };
}

export function clip({ left, top, width, height }: Rectangle, size: Size): Rectangle {
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  return {
    left: x,
    top: y,
    width: Math.min(size.width, left + width) - x,
    height: Math.min(size.height, top + height) - y,
  };
}

export function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

function turned({ width, height }: Size): Size {
  return { width: height, height: width };
}

function scaling(x: number, y: number): Move {
  return ({ left, top, width, height }) => ({
    left: left * x,
    top: top * y,
    width: width * x,
    height: height * y,
  });
}

function shifting(x: number, y: number): Move {
  return (rectangle) => ({ ...rectangle, left: rectangle.left + x, top: rectangle.top + y });
}

function mirroring(canvas: Size, axis: 'horizontal' | 'vertical'): Move {
  return (rectangle) =>
    axis === 'horizontal'
      ? { ...rectangle, left: canvas.width - rectangle.left - rectangle.width }
      : { ...rectangle, top: canvas.height - rectangle.top - rectangle.height };
}

function turning(canvas: Size, degrees: 90 | 180 | 270): Move {
  return ({ left, top, width, height }) => {
    const right = canvas.width - left - width;
    const bottom = canvas.height - top - height;
    if (degrees === 180) return { left: right, top: bottom, width, height };
    const corner = degrees === 90 ? { left: bottom, top: left } : { left: top, top: right };
    return { ...corner, width: height, height: width };
  };
}
