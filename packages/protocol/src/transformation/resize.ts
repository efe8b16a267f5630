import { ApiError } from '../errors.js';
import { anchorOn, type Found, findAnchor } from './anchor.js';
import { type Canvas, clip, fitsCaps, roundHalfUp, sizeOf, tooLarge } from './canvas.js';
import {
  type Anchor,
  coverScale,
  fitScale,
  offsetPixels,
  type Point,
  place,
  rounded,
  scaled,
  targetSize,
  thumbWindow,
  within,
} from './geometry.js';
import { CENTER, NORTH_WEST } from './gravity.js';
import type { CropMode, Gravity, Settings } from './language.js';
import { invalidValue } from './refusals.js';
import type { Color, Rectangle, Size, Step } from './types.js';

/** One component's resizing, with everything resolved that does not depend on the mode. */
interface Job {
  readonly canvas: Canvas;
  /** Not rounded where a side follows from a ratio. */
  readonly target: Size;
  readonly found: Found;
  readonly settings: Settings;
  readonly dpr: number;
}

/** Each mode as steps on the picture entering the component (transformations reference, section 2.2). */
const modes: Readonly<Record<CropMode, (job: Job) => readonly Step[]>> = {
  scale: ({ target }) => [resize(rounded(target))],
  fit: (job) => [resize(scaled(job.canvas, fitScale(job.canvas, job.target)))],
  limit: (job) => [resize(scaled(job.canvas, Math.min(1, fitScale(job.canvas, job.target))))],
  mfit: (job) => [resize(scaled(job.canvas, Math.max(1, fitScale(job.canvas, job.target))))],
  fill: (job) => cover(job, coverScale(job.canvas, job.target)),
  lfill: (job) => cover(job, Math.min(1, coverScale(job.canvas, job.target))),
  pad: (job) => pad(job, fitScale(job.canvas, job.target)),
  lpad: (job) => pad(job, Math.min(1, fitScale(job.canvas, job.target))),
  mpad: (job) => pad(job, 1),
  crop: (job) => cover(job, 1),
  thumb: (job) => (job.found.kind === 'box' ? thumb(job, job.found.box) : modes.fill(job)),
  auto: (job) => modes.fill(job),
};

const autoGravityModes: readonly (CropMode | undefined)[] = ['crop', 'fill', 'lfill', 'thumb', 'auto'];
const gravityRequiredModes: readonly (CropMode | undefined)[] = ['thumb', 'auto'];
/** Modes that, without any size, show the found box itself (section 2.1). */
const boxModes: readonly (CropMode | undefined)[] = ['crop', 'thumb'];

/** The resizing steps of one component. `original` is the size of the first canvas, for `iw` and `ih`. */
export function resizeSteps(
  canvas: Canvas,
  original: Size,
  settings: Settings,
  dpr: number,
): readonly Step[] {
  const { crop, gravity } = settings;
  if (gravity?.kind === 'auto' && !autoGravityModes.includes(crop)) throw new ApiError('gravity-auto-mode');
  if (gravity === undefined && gravityRequiredModes.includes(crop)) {
    throw invalidValue('gravity', `none given, ${crop} needs one`);
  }
  const found = findAnchor(gravity ?? defaultGravity(settings), canvas);
  const target = targetSize(canvas, original, {
    width: settings.width,
    height: settings.height,
    aspectRatio: settings.aspectRatio,
    keepsOtherSide: settings.flags?.some(({ name }) => name === 'ignore_aspect_ratio') ?? false,
    dpr,
  });
  if (target !== null) return modes[crop ?? 'scale']({ canvas, target, found, settings, dpr });
  return found.kind === 'box' && boxModes.includes(crop) ? [extract(wholePixels(found.box, canvas))] : [];
}

function defaultGravity({ crop, x, y }: Settings): Gravity {
  return crop === 'crop' && (x !== undefined || y !== undefined) ? NORTH_WEST : CENTER;
}

/** Scale, then cut what stands out: fill, lfill, crop. */
function cover(job: Job, scale: number): readonly Step[] {
  const picture = scaled(job.canvas, scale);
  const window = within(rounded(job.target), picture);
  if (window.width === picture.width && window.height === picture.height) return [resize(picture)];
  const fits = fitsCaps(picture, job.canvas.frames);
  if (job.found.kind === 'salient') {
    if (scale === 1) return [{ op: 'extract-salient', ...window }];
    if (scale > 1 && !fits) throw tooLarge(picture);
    return [{ op: 'cover-salient', ...window }];
  }
  const corner = place(picture, window, ...placement(job, picture, scale));
  if (scale > 1 && !fits) return cutThenEnlarge(job.canvas, { ...corner, ...window }, scale);
  return [resize(picture), extract({ ...corner, ...window })];
}

/** The same window, cut before enlarging, when the enlarged picture would be past the caps and only the window is not. */
function cutThenEnlarge(canvas: Canvas, window: Rectangle, scale: number): readonly Step[] {
  const source = {
    left: window.left / scale,
    top: window.top / scale,
    width: window.width / scale,
    height: window.height / scale,
  };
  return [extract(wholePixels(source, canvas)), resize(sizeOf(window))];
}

function pad(job: Job, scale: number): readonly Step[] {
  const { canvas, target, settings, dpr } = job;
  const box = rounded(target);
  const picture = scaled(canvas, scale);
  const outer = { width: Math.max(box.width, picture.width), height: Math.max(box.height, picture.height) };
  const offset = offsetOn(outer, settings, dpr);
  const anchor = settings.gravity?.kind === 'compass' ? settings.gravity : CENTER;
  const { left, top } = place(outer, picture, anchor, offset);
  const right = outer.width - picture.width - left;
  const bottom = outer.height - picture.height - top;
  return [resize(picture), { op: 'extend', top, right, bottom, left, background: padColor(settings) }];
}

function thumb({ canvas, target, settings, dpr }: Job, box: Rectangle): readonly Step[] {
  const offset = offsetOn(canvas, settings, dpr);
  const window = thumbWindow(canvas, box, target, settings.zoom ?? 1, offset);
  return [extract(window), resize(rounded(target))];
}

/** Anchor and offset on the scaled picture. With `xy_center` x and y are the focus, in the pixels of the picture before scaling. */
function placement({ canvas, found, settings, dpr }: Job, picture: Size, scale: number): [Anchor, Point] {
  if (found.kind !== 'point') return [anchorOn(found, scale), offsetOn(picture, settings, dpr)];
  const focus = (axis: 'x' | 'y', length: number) =>
    settings[axis] === undefined ? length / 2 : offsetPixels(settings[axis], length, 1);
  const x = focus('x', canvas.width) * scale;
  const y = focus('y', canvas.height) * scale;
  return [
    { kind: 'center-on', x, y },
    { x: 0, y: 0 },
  ];
}

function offsetOn(reference: Size, { x, y }: Settings, dpr: number): Point {
  return { x: offsetPixels(x, reference.width, dpr), y: offsetPixels(y, reference.height, dpr) };
}

function padColor({ background }: Settings): Color | null {
  return background === undefined || background === 'none' ? null : background;
}

/** The whole-pixel rectangle nearest to one that is not, inside the picture and at least one pixel. */
function wholePixels(rectangle: Rectangle, picture: Size): Rectangle {
  const { left, top, width, height } = clip(rectangle, picture);
  const x = Math.min(roundHalfUp(left), picture.width - 1);
  const y = Math.min(roundHalfUp(top), picture.height - 1);
  const size = within(rounded({ width, height }), { width: picture.width - x, height: picture.height - y });
  return { left: x, top: y, ...size };
}

const resize = ({ width, height }: Size): Step => ({ op: 'resize', width, height });
const extract = ({ left, top, width, height }: Rectangle): Step => ({
  op: 'extract',
  left,
  top,
  width,
  height,
});
