/** The transformation language as values. Text <-> values: `parse.ts`, `print.ts`. Values -> pixels: `plan.ts`. */

/** One requested length: whole pixels, a share of the reference side (text has a `.`), the original's side, or left to the client. */
export type Dimension =
  | { readonly kind: 'pixels'; readonly value: number }
  | { readonly kind: 'share'; readonly value: number }
  | { readonly kind: 'original'; readonly side: 'width' | 'height' };

/** `r`, `g`, `b` 0-255; `alpha` 0-1. */
export interface Color {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * One pixel operation with absolute whole-pixel numbers. A renderer applies a list of them in order, each to the result of the
 * one before; it decides nothing about sizes. The image entering the first step is already turned upright (EXIF) unless
 * `RenderPlan.ignoreOrientation`.
 */
export type Step =
  /** Scale each axis to exactly this size. */
  | { readonly op: 'resize'; readonly width: number; readonly height: number }
  | ({ readonly op: 'extract' } & Rectangle)
  /** Scale to cover width x height, then cut that window where the content is most salient. */
  | { readonly op: 'cover-salient'; readonly width: number; readonly height: number }
  /** Cut a width x height window, unscaled, where the content is most salient. */
  | { readonly op: 'extract-salient'; readonly width: number; readonly height: number }
  /** Grow the canvas. `background: null` = transparent where the output can carry alpha, else white. */
  | {
      readonly op: 'extend';
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
      readonly left: number;
      readonly background: Color | null;
    }
  /** Clockwise quarter turns only. */
  | { readonly op: 'rotate'; readonly degrees: 90 | 180 | 270 }
  /** Mirror left-right (`hflip`) or top-bottom (`vflip`). */
  | { readonly op: 'mirror'; readonly axis: 'horizontal' | 'vertical' }
  | { readonly op: 'effect'; readonly effect: Effect }
  /** Multiply the alpha band by percent/100. */
  | { readonly op: 'opacity'; readonly percent: number }
  /** Put this colour under transparent parts. */
  | { readonly op: 'background'; readonly color: Color }
  /** Round the corners: radii in pixels, CSS order top-left, top-right, bottom-right, bottom-left, already clamped. */
  | { readonly op: 'round'; readonly radii: readonly [number, number, number, number] }
  /** Frame of `width` pixels outside the image; follows `radii` (those of the inner edge) when given. */
  | {
      readonly op: 'border';
      readonly width: number;
      readonly color: Color;
      readonly radii: readonly [number, number, number, number] | null;
    };

export type Effect =
  | { readonly name: 'grayscale' | 'negate' }
  | {
      readonly name: 'sepia' | 'blur' | 'sharpen' | 'brightness' | 'saturation' | 'hue' | 'pixelate';
      readonly amount: number;
    }
  | { readonly name: 'contrast'; readonly amount: number; readonly curve: 'linear' | 'sigmoidal' };

/** Formats that can be written. */
export type OutputFormat = 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

export interface OutputOptions {
  readonly format: OutputFormat;
  /** 1-100, already resolved from `q_auto` and the format's default. */
  readonly quality: number;
  /** JPEG chroma subsampling asked for by `q_80:420` / `q_80:444`; null = encoder default. */
  readonly chroma: '4:2:0' | '4:4:4' | null;
  readonly progressive: boolean;
  /** Keep all frames of an animated source. */
  readonly animated: boolean;
}

export interface RenderPlan {
  readonly ignoreOrientation: boolean;
  readonly steps: readonly Step[];
  readonly output: OutputOptions;
  /** Size of the result, as planned. */
  readonly size: Size;
}

/** What planning must know of the source. Sizes are upright (after EXIF orientation). */
export interface SourceFacts extends Size {
  readonly format: string;
  /** EXIF 1-8; 1 when absent. */
  readonly orientation: number;
  readonly hasAlpha: boolean;
  /** Frames or pages; 1 for a still picture. */
  readonly pages: number;
  readonly faces: readonly Rectangle[];
  readonly custom: readonly Rectangle[];
}

/** What an automatic parameter may look at. Absent (eager, incoming): no client. */
export interface ClientHints {
  readonly accept: string;
  readonly dpr: number | null;
  readonly saveData: boolean;
}
