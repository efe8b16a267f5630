import type { Color, Rectangle, Size, Step } from '@counterseal/protocol';

type Extend = Extract<Step, { op: 'extend' }>;

/**
 * The leading steps that one libvips pipeline does in one pass from the file, in sharp's fixed order: extract, scale, then
 * either extract or extend, colour under. Only there can a JPEG be shrunk while it is decoded (transformations reference, section 6).
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

/**
 * Splits a plan into the part one pipeline can do and the steps that remain. Without `colors` what adds colour remains too:
 * a pipeline that starts from a grey picture stays grey to its end.
 */
export function fuseSteps(steps: readonly Step[], { colors = true } = {}): Head {
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
  // After a crop sharp would extend first.
  const extend = crop === null && (colors || !addsColor(rest[0])) ? take('extend') : null;
  const last = rest[0];
  const canFlatten = rest.length === 1 && (colors || !addsColor(last));
  const under = canFlatten && last?.op === 'background' && last.color.alpha === 1 ? last.color : null;
  return {
    window,
    scale: scale === null ? null : { width: scale.width, height: scale.height, salient: cover !== null },
    crop,
    extend,
    under,
    rest: under === null ? rest : [],
  };
}

/** Whether a step puts a colour other than grey into the picture. */
export function addsColor(step: Step | undefined): boolean {
  const color = step?.op === 'extend' ? step.background : step?.op === 'background' ? step.color : null;
  return color !== null && !(color.r === color.g && color.g === color.b);
}
