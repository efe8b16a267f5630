import type { PixelSize } from './restrictions.js';

/** A rectangle in original pixels: whole numbers, inside the image. */
export interface CropArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CropRules {
  readonly image: PixelSize;
  /** Width by height; null when it is free. */
  readonly aspectRatio: number | null;
}

/** Which sides follow the pointer: -1 left or top, 1 right or bottom, 0 neither. */
export interface Corner {
  readonly horizontal: -1 | 0 | 1;
  readonly vertical: -1 | 0 | 1;
}

const clamp = (value: number, low: number, high: number) =>
  Math.min(Math.max(value, low), Math.max(low, high));

/** The largest area of the right shape, times `ratio` (0.1 to 1), in the middle. */
export function firstArea({ image, aspectRatio }: CropRules, ratio: number): CropArea {
  const share = clamp(ratio, 0.1, 1);
  const shape = aspectRatio ?? image.width / image.height;
  const width = Math.min(image.width, image.height * shape) * share;
  const size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(width / shape)) };
  return inside(
    {
      x: Math.round((image.width - size.width) / 2),
      y: Math.round((image.height - size.height) / 2),
      ...size,
    },
    image,
  );
}

/** The same area elsewhere, as far as the image goes. */
export function moveArea(area: CropArea, byX: number, byY: number, { image }: CropRules): CropArea {
  const x = Math.round(clamp(area.x + byX, 0, image.width - area.width));
  const y = Math.round(clamp(area.y + byY, 0, image.height - area.height));
  return { ...area, x, y };
}

/** Moves the sides of a corner; the opposite corner stays where it is. */
export function resizeArea(
  area: CropArea,
  corner: Corner,
  byX: number,
  byY: number,
  rules: CropRules,
): CropArea {
  const { image, aspectRatio } = rules;
  const fixedX = corner.horizontal === -1 ? area.x + area.width : area.x;
  const fixedY = corner.vertical === -1 ? area.y + area.height : area.y;
  const roomX = corner.horizontal === -1 ? fixedX : image.width - fixedX;
  const roomY = corner.vertical === -1 ? fixedY : image.height - fixedY;
  let width = clamp(area.width + byX * corner.horizontal, 1, roomX);
  let height = clamp(area.height + byY * corner.vertical, 1, roomY);
  if (aspectRatio !== null) {
    const widthLed = corner.vertical === 0 || Math.abs(byX) >= Math.abs(byY * aspectRatio);
    const wanted = widthLed && corner.horizontal !== 0 ? width : height * aspectRatio;
    width = clamp(wanted, 1, Math.min(roomX, roomY * aspectRatio));
    height = width / aspectRatio;
  }
  const size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  return inside(
    {
      x: corner.horizontal === -1 ? fixedX - size.width : fixedX,
      y: corner.vertical === -1 ? fixedY - size.height : fixedY,
      ...size,
    },
    image,
  );
}

/** One member typed as a number; the shape is kept by the other side. */
export function typeArea(area: CropArea, member: keyof CropArea, value: number, rules: CropRules): CropArea {
  if (!Number.isFinite(value)) return area;
  if (member === 'x') return moveArea(area, value - area.x, 0, rules);
  if (member === 'y') return moveArea(area, 0, value - area.y, rules);
  if (member === 'width')
    return resizeArea(
      area,
      { horizontal: 1, vertical: rules.aspectRatio === null ? 0 : 1 },
      value - area.width,
      0,
      rules,
    );
  return resizeArea(
    area,
    { horizontal: rules.aspectRatio === null ? 0 : 1, vertical: 1 },
    0,
    value - area.height,
    rules,
  );
}

function inside(area: CropArea, { width, height }: PixelSize): CropArea {
  const size = { width: Math.min(area.width, width), height: Math.min(area.height, height) };
  return { x: clamp(area.x, 0, width - size.width), y: clamp(area.y, 0, height - size.height), ...size };
}
