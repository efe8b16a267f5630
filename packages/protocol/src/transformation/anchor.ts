import type { Canvas } from './canvas.js';
import { type Anchor, centerOf } from './geometry.js';
import { CENTER } from './gravity.js';
import type { Compass, Gravity, RegionSource } from './language.js';
import type { Rectangle } from './types.js';

/** A gravity after looking at the picture: a place, a found box, or "where the content is". */
export type Found =
  | Compass
  | { readonly kind: 'point' }
  | { readonly kind: 'box'; readonly box: Rectangle }
  | { readonly kind: 'salient' };

const regions: Readonly<Record<RegionSource, (canvas: Canvas) => Rectangle | undefined>> = {
  face: ({ faces }) => largest(faces),
  faces: ({ faces }) => (faces.length === 0 ? undefined : union(faces)),
  custom: ({ custom }) => largest(custom),
};

/**
 * Resolves a gravity by the stored rectangles and its documented fallback (transformations reference, section 2.3). An animated
 * picture knows compass and custom only; the rest falls back to the centre (section 2.2).
 */
export function findAnchor(gravity: Gravity, canvas: Canvas): Found {
  const isAnimated = canvas.frames > 1;
  switch (gravity.kind) {
    case 'compass':
    case 'point':
      return gravity;
    case 'auto':
      return (
        (gravity.customFirst ? firstBox(['custom'], canvas) : null) ??
        (isAnimated ? CENTER : { kind: 'salient' })
      );
    case 'regions': {
      const found = firstBox(
        isAnimated ? gravity.sources.filter((name) => name === 'custom') : gravity.sources,
        canvas,
      );
      if (found !== null) return found;
      if (isAnimated) return CENTER;
      return gravity.fallback === 'auto' ? { kind: 'salient' } : gravity.fallback;
    }
    default:
      return gravity satisfies never;
  }
}

/** The place of a found box or compass point on the picture scaled by `scale`; salience has none and is centred. */
export function anchorOn(found: Found, scale: number): Anchor {
  if (found.kind === 'compass') return found;
  if (found.kind !== 'box') return CENTER;
  const { x, y } = centerOf(found.box);
  return { kind: 'center-on', x: x * scale, y: y * scale };
}

function firstBox(sources: readonly RegionSource[], canvas: Canvas): Found | null {
  for (const source of sources) {
    const box = regions[source](canvas);
    if (box !== undefined) return { kind: 'box', box };
  }
  return null;
}

function largest(rectangles: readonly Rectangle[]): Rectangle | undefined {
  return rectangles.reduce<Rectangle | undefined>(
    (best, next) => (best === undefined || area(next) > area(best) ? next : best),
    undefined,
  );
}

const area = ({ width, height }: Rectangle) => width * height;

function union(rectangles: readonly Rectangle[]): Rectangle {
  const left = Math.min(...rectangles.map((rectangle) => rectangle.left));
  const top = Math.min(...rectangles.map((rectangle) => rectangle.top));
  const right = Math.max(...rectangles.map((rectangle) => rectangle.left + rectangle.width));
  const bottom = Math.max(...rectangles.map((rectangle) => rectangle.top + rectangle.height));
  return { left, top, width: right - left, height: bottom - top };
}
