import type { Color, Rectangle, Size, Step } from '@counterseal/protocol';

type Extend = Extract<Step, { op: 'extend' }>;

/**
 * The leading steps that one libvips pipeline does in one pass from the file, in sharp's fixed order: extract, scale, extract,
 * extend, colour under. Only there can a JPEG be shrunk while it is decoded (transformations reference, section 6).
 */
export interface Head {
  readonly window: Rectangle | null;
  readonly scale: (Size & { readonly salient: boolean }) | null;
  readonly crop: Rectangle | null;
  readonly extend: Extend | null;
  /** A fully opaque colour under everything; only when nothing follows. */
  readonly under: Color | null;
  readonly rest: readonly Step[];
}

/** Splits a plan into the part one pipeline can do and the steps that remain. */
export function fuseSteps(steps: readonly Step[]): Head {
  const rest = [...steps];
  const take = <Op extends Step['op']>(op: Op): Extract<Step, { op: Op }> | null => {
    if (rest[0]?.op !== op) return null;
    return rest.shift() as Extract<Step, { op: Op }>;
  };
  const window = take('extract');
  const resize = take('resize');
  const cover = resize === null ? take('cover-salient') : null;
  const scale = resize ?? cover;
  const crop = scale === null ? null : take('extract');
  const extend = take('extend');
  const last = rest[0];
  const under = rest.length === 1 && last?.op === 'background' && last.color.alpha === 1 ? last.color : null;
  return {
    window,
    scale: scale === null ? null : { width: scale.width, height: scale.height, salient: cover !== null },
    crop,
    extend,
    under,
    rest: under === null ? rest : [],
  };
}
