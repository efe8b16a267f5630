import { roundHalfUp, roundSide } from './canvas.js';
import type { Compass, Offset } from './language.js';
import type { Dimension, Rectangle, Size } from './types.js';

/** Size maths of transformations reference, section 2. Pure numbers: modes are in `resize.ts`. */

export interface SizeRequest {
  readonly width: Dimension | undefined;
  readonly height: Dimension | undefined;
  readonly aspectRatio: number | undefined;
  /** `fl_ignore_aspect_ratio`: a side that is not given stays as it is. */
  readonly keepsOtherSide: boolean;
  /** Multiplies sizes given in pixels, not shares (section 1.12). */
  readonly dpr: number;
}

/**
 * The requested size (section 2.1): null when nothing was asked. Sides that were given are whole; a side that follows from a
 * ratio is not rounded yet, so that the scale computed from it is exact.
 */
export function targetSize(current: Size, original: Size, request: SizeRequest): Size | null {
  const { aspectRatio: ratio } = request;
  const width = side(request.width, current.width, original, request.dpr);
  const height = side(request.height, current.height, original, request.dpr);
  if (width !== null && height !== null) return { width, height };
  const followed = ratio ?? current.width / current.height;
  const keeps = request.keepsOtherSide && ratio === undefined;
  if (width !== null) return { width, height: keeps ? current.height : width / followed };
  if (height !== null) return { width: keeps ? current.width : height * followed, height };
  return ratio === undefined ? null : ratioOnly(current, ratio);
}

function ratioOnly(current: Size, ratio: number): Size {
  if (ratio > 1) return { width: current.width, height: current.width / ratio };
  if (ratio < 1) return { width: current.height * ratio, height: current.height };
  const shorter = Math.min(current.width, current.height);
  return { width: shorter, height: shorter };
}

function side(wanted: Dimension | undefined, current: number, original: Size, dpr: number): number | null {
  switch (wanted?.kind) {
    case undefined:
      return null;
    case 'pixels':
      return roundSide(wanted.value * dpr);
    case 'share':
      return roundSide(wanted.value * current);
    case 'original':
      return roundSide(original[wanted.side] * dpr);
    default:
      return wanted satisfies never;
  }
}

export function fitScale(current: Size, target: Size): number {
  return Math.min(target.width / current.width, target.height / current.height);
}

export function coverScale(current: Size, target: Size): number {
  return Math.max(target.width / current.width, target.height / current.height);
}

export function scaled(size: Size, scale: number): Size {
  return rounded({ width: size.width * scale, height: size.height * scale });
}

export function rounded({ width, height }: Size): Size {
  return { width: roundSide(width), height: roundSide(height) };
}

/** Each side the smaller of the two. */
export function within(size: Size, bounds: Size): Size {
  return { width: Math.min(size.width, bounds.width), height: Math.min(size.height, bounds.height) };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a window is placed by. Box and point are in the pixels of the picture that the window is cut from. */
export type Anchor = Compass | { readonly kind: 'center-on'; readonly x: number; readonly y: number };

/** An offset in whole pixels; `reference` is the side it may be a share of. */
export function offsetPixels(offset: Offset | undefined, reference: number, dpr: number): number {
  if (offset === undefined) return 0;
  return roundHalfUp(offset.kind === 'share' ? offset.value * reference : offset.value * dpr);
}

/**
 * Top-left corner of an inner rectangle inside an outer one, clamped to it: a window on a picture, or a picture on a larger canvas.
 * Offsets run from the gravity point towards the inside: left from the east side, up from the south side, else right and down
 * (section 2.3).
 */
export function place(
  outer: Size,
  inner: Size,
  anchor: Anchor,
  offset: Point,
): { readonly left: number; readonly top: number } {
  const free = { width: outer.width - inner.width, height: outer.height - inner.height };
  const exact = (center: number, length: number) => roundHalfUp(center - length / 2);
  if (anchor.kind === 'center-on') {
    return {
      left: clamp(exact(anchor.x, inner.width) + offset.x, free.width),
      top: clamp(exact(anchor.y, inner.height) + offset.y, free.height),
    };
  }
  return {
    left: clamp(fromSide(anchor.column, free.width, offset.x), free.width),
    top: clamp(fromSide(anchor.row, free.height, offset.y), free.height),
  };
}

/** "center uses floor((scaled - wanted)/2)" (section 2.3). */
function fromSide(towards: -1 | 0 | 1, free: number, offset: number): number {
  if (towards === 1) return free - offset;
  return (towards === 0 ? Math.floor(free / 2) : 0) + offset;
}

/** Adding 0 makes a negative zero plain. */
function clamp(value: number, max: number): number {
  return Math.min(Math.max(value, 0), Math.max(max, 0)) + 0;
}

export function centerOf({ left, top, width, height }: Rectangle): Point {
  return { x: left + width / 2, y: top + height / 2 };
}

/**
 * The part of a picture that `c_thumb` shows for a found box: box side / zoom, extended to the target's ratio, made smaller and
 * moved until it lies inside (section 2.3).
 */
export function thumbWindow(
  picture: Size,
  box: Rectangle,
  target: Size,
  zoom: number,
  offset: Point,
): Rectangle {
  const ratio = target.width / target.height;
  const height = Math.max(box.height / zoom, box.width / zoom / ratio);
  const shrink = Math.min(1, picture.width / (height * ratio), picture.height / height);
  const size = within(rounded({ width: height * ratio * shrink, height: height * shrink }), picture);
  return { ...place(picture, size, { kind: 'center-on', ...centerOf(box) }, offset), ...size };
}
