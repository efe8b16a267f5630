import type { Raster } from './raster.js';

/** Radii in CSS order: top-left, top-right, bottom-right, bottom-left. */
export type Radii = readonly [number, number, number, number];

/**
 * Visits each pixel of the four corner squares that a rounded rectangle of this size covers only in part, with the share it
 * covers (0 to 1, one pixel of anti-aliasing along the arc). Pixels not visited are covered whole.
 */
export function visitCorners(
  size: { readonly width: number; readonly height: number },
  radii: Radii,
  visit: (x: number, y: number, coverage: number) => void,
): void {
  const { width, height } = size;
  for (const [corner, radius] of radii.entries()) {
    const atRight = corner === 1 || corner === 2;
    const atBottom = corner >= 2;
    const columns = Math.min(Math.ceil(radius), width);
    const rows = Math.min(Math.ceil(radius), height);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const distance = Math.hypot(radius - column - 0.5, radius - row - 0.5);
        const coverage = Math.min(1, Math.max(0, radius - distance + 0.5));
        if (coverage === 1) continue;
        visit(atRight ? width - 1 - column : column, atBottom ? height - 1 - row : row, coverage);
      }
    }
  }
}

/** Rounds the corners of an RGBA raster in place by scaling its alpha. */
export function roundCorners(raster: Raster, radii: Radii): void {
  visitCorners(raster, radii, (x, y, coverage) => {
    const alpha = (y * raster.width + x) * 4 + 3;
    raster.data[alpha] = Math.round((raster.data[alpha] ?? 0) * coverage);
  });
}
