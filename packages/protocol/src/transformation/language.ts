/** What a parsed transformation text says, before any picture is known. Made by `parse.ts`, read by `plan.ts`. */

import type { Color, Dimension, Effect } from './types.js';

/** Components in the order in which they are applied, each to the result of the one before. */
export interface Transformation {
  readonly components: readonly Component[];
}

export interface Component {
  /** The text as it came, for canonical printing. */
  readonly parameters: readonly Parameter[];
  /** The same, read. */
  readonly settings: Settings;
}

export interface Parameter {
  readonly key: string;
  /** Raw value text, without the key and its underscore. */
  readonly value: string;
}

/** One component's values; what is absent was not asked for. */
export interface Settings {
  readonly crop?: CropMode;
  readonly width?: Dimension;
  readonly height?: Dimension;
  /** Width divided by height. */
  readonly aspectRatio?: number;
  readonly gravity?: Gravity;
  readonly x?: Offset;
  readonly y?: Offset;
  readonly zoom?: number;
  readonly quality?: Quality;
  /** `auto` or a canonical format name; whether it can be written is for `output.ts` to say. */
  readonly format?: string;
  readonly turns?: readonly Turn[];
  readonly radii?: Radii;
  readonly background?: Color | 'none';
  readonly border?: { readonly width: number; readonly color: Color };
  /** Percent. */
  readonly opacity?: number;
  readonly effect?: EffectRequest;
  readonly flags?: readonly Flag[];
  readonly dpr?: number | 'auto';
  readonly color?: Color;
  readonly named?: readonly string[];
}

export type CropMode =
  | 'scale'
  | 'fit'
  | 'limit'
  | 'mfit'
  | 'fill'
  | 'lfill'
  | 'pad'
  | 'lpad'
  | 'mpad'
  | 'crop'
  | 'thumb'
  | 'auto';

/** Whole pixels, or a share of the reference side. May be negative. */
export interface Offset {
  readonly kind: 'pixels' | 'share';
  readonly value: number;
}

/** `column` -1 west, 0 middle, 1 east; `row` -1 north, 0 middle, 1 south. */
export interface Compass {
  readonly kind: 'compass';
  readonly column: -1 | 0 | 1;
  readonly row: -1 | 0 | 1;
}

export type RegionSource = 'face' | 'faces' | 'custom';

export type Gravity =
  | Compass
  /** `xy_center`: x and y are the focus point. */
  | { readonly kind: 'point' }
  /** Stored rectangles: the first source that has any, else the fallback. */
  | {
      readonly kind: 'regions';
      readonly sources: readonly RegionSource[];
      readonly fallback: Compass | 'auto';
    }
  /** By content; stored custom coordinates win when `customFirst`. */
  | { readonly kind: 'auto'; readonly customFirst: boolean };

export type QualityLevel = 'best' | 'good' | 'eco' | 'low';

export type Quality =
  | { readonly kind: 'number'; readonly value: number; readonly chroma: '4:2:0' | '4:4:4' | null }
  | { readonly kind: 'auto'; readonly level: QualityLevel; readonly sensitive: boolean };

export type Turn = 0 | 90 | 180 | 270 | 'hflip' | 'vflip' | 'ignore';

export type Radius = number | 'max';

/** CSS order: top-left, top-right, bottom-right, bottom-left. */
export type Radii = readonly [Radius, Radius, Radius, Radius];

/** `pixelate` without a number gets one from the size of the picture. */
export type EffectRequest = Effect | { readonly name: 'pixelate'; readonly amount: null };

export interface Flag {
  readonly name: string;
  /** Text after the first `:`; null when there is none. */
  readonly argument: string | null;
}
