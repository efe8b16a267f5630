import type { Color } from '@counterseal/protocol';

export const WHITE: Color = { r: 255, g: 255, b: 255, alpha: 1 };
export const TRANSPARENT: Color = { r: 0, g: 0, b: 0, alpha: 0 };

/** `color` seen in front of the opaque colour `under`. */
export function over(color: Color, under: Color): Color {
  const mix = (front: number, back: number) => Math.round(front * color.alpha + back * (1 - color.alpha));
  return { r: mix(color.r, under.r), g: mix(color.g, under.g), b: mix(color.b, under.b), alpha: 1 };
}
