import { advance, type Canvas, isTrivial, openCanvas, roundHalfUp, sizeOf } from './canvas.js';
import type { EffectRequest, Radii, Settings, Transformation, Turn } from './language.js';
import { chooseOutput, keepsFrames, outputWish } from './output.js';
import { resizeSteps } from './resize.js';
import type { ClientHints, Effect, RenderPlan, Size, SourceFacts, Step } from './types.js';

/** Largest ratio that a client's hint may choose; it is rounded up to a whole number first. */
export const MAX_AUTO_DPR = 4;
/** `pixelate` without a number: this many squares along the longer side. Our choice: section 4.1 gives no rule. */
const PIXELATE_SQUARES = 40;
const MAX_PIXELATE = 200;

export interface PlanOptions {
  /** Extension of the delivery URL or of the eager item; null when there is none. */
  readonly extension: string | null;
  /** Null when there is no client: eager, incoming. */
  readonly hints: ClientHints | null;
}

/**
 * Turns a transformation (named ones expanded) into absolute pixel steps for one source. Inside a component the order is fixed:
 * size, angle, effect, opacity, background, rounding and border (transformations reference, section 2.5). Steps that would
 * change nothing are left out. Throws `ApiError` 400 only.
 */
export function planRender(
  source: SourceFacts,
  transformation: Transformation,
  options: PlanOptions,
): RenderPlan {
  const all = transformation.components.map(({ settings }) => settings);
  const facts = { stored: source.format, pages: source.pages, hints: options.hints };
  const wish = outputWish(transformation, options.extension);
  const ignoreOrientation = all.some(({ turns }) => turns?.includes('ignore'));
  const dpr = pixelRatio(all, options.hints);
  const frames = keepsFrames(wish, facts) ? source.pages : 1;
  const first = openCanvas(source, { ignoreOrientation, frames });

  const steps: Step[] = [];
  let canvas = first;
  for (const settings of all) {
    for (const stage of stages) {
      for (const step of stage({ canvas, original: first, settings, dpr })) {
        if (isTrivial(step, canvas)) continue;
        canvas = advance(canvas, step);
        steps.push(step);
      }
    }
  }
  return { ignoreOrientation, steps, output: chooseOutput(wish, facts, canvas), size: sizeOf(canvas) };
}

/** What one stage of a component sees: the picture as the stage before left it. */
interface StageInput {
  readonly canvas: Canvas;
  readonly original: Size;
  readonly settings: Settings;
  readonly dpr: number;
}

type Stage = (input: StageInput) => readonly Step[];

const stages: readonly Stage[] = [
  ({ canvas, original, settings, dpr }) => resizeSteps(canvas, original, settings, dpr),
  ({ settings }) => (settings.turns ?? []).flatMap(turnSteps),
  ({ canvas, settings }) => effectSteps(canvas, settings.effect),
  ({ settings: { opacity } }) => (opacity === undefined ? [] : [{ op: 'opacity', percent: opacity }]),
  ({ settings: { background } }) =>
    background === undefined || background === 'none' ? [] : [{ op: 'background', color: background }],
  frameSteps,
];

/** One ratio for the whole chain, also from a component of its own; the last one wins (section 1.12). */
function pixelRatio(all: readonly Settings[], hints: ClientHints | null): number {
  const wanted = all.findLast(({ dpr }) => dpr !== undefined)?.dpr ?? 1;
  return wanted === 'auto' ? autoDpr(hints) : wanted;
}

/** What `dpr_auto` means for a client: its ratio rounded up to a whole number, within bounds; 1 without a hint (section 1.12). */
export function autoDpr(hints: Pick<ClientHints, 'dpr'> | null): number {
  const asked = Math.ceil(hints?.dpr ?? 1);
  return asked >= 1 ? Math.min(MAX_AUTO_DPR, asked) : 1;
}

function turnSteps(turn: Turn): readonly Step[] {
  switch (turn) {
    case 0:
    case 'ignore':
      return [];
    case 90:
    case 180:
    case 270:
      return [{ op: 'rotate', degrees: turn }];
    case 'hflip':
      return [{ op: 'mirror', axis: 'horizontal' }];
    case 'vflip':
      return [{ op: 'mirror', axis: 'vertical' }];
    default:
      return turn satisfies never;
  }
}

function effectSteps(canvas: Canvas, request: EffectRequest | undefined): readonly Step[] {
  if (request === undefined) return [];
  const effect = withAmount(canvas, request);
  return changesNothing(effect) ? [] : [{ op: 'effect', effect }];
}

function withAmount(canvas: Size, request: EffectRequest): Effect {
  if (!('amount' in request) || request.amount !== null) return request;
  const square = Math.round(Math.max(canvas.width, canvas.height) / PIXELATE_SQUARES);
  return { name: 'pixelate', amount: Math.min(MAX_PIXELATE, Math.max(1, square)) };
}

/** Effect and amount that leave every pixel as it is. */
function changesNothing(effect: Effect): boolean {
  switch (effect.name) {
    case 'brightness':
    case 'saturation':
    case 'hue':
      return effect.amount === 0;
    case 'contrast':
      return effect.amount === (effect.curve === 'linear' ? 100 : 0);
    case 'pixelate':
      return effect.amount === 1;
    default:
      return false;
  }
}

/** Rounding first; a border of the same component follows the curve, alone it frames the rectangle. */
function frameSteps({ canvas, settings: { radii, border } }: StageInput): readonly Step[] {
  const clamped = radii === undefined ? null : clampRadii(radii, canvas);
  const isRound = clamped?.some((radius) => radius > 0) ?? false;
  return [
    ...(clamped === null ? [] : [{ op: 'round', radii: clamped } as const]),
    ...(border === undefined ? [] : [{ op: 'border', ...border, radii: isRound ? clamped : null } as const]),
  ];
}

/**
 * Whole radii that do not overlap: all are made smaller by one factor until the two along each side fit into it (CSS Backgrounds
 * Level 3, section 5.5). `max` is half the shorter side.
 */
function clampRadii(radii: Radii, { width, height }: Size): readonly [number, number, number, number] {
  const pixel = (radius: number | 'max') => (radius === 'max' ? Math.min(width, height) / 2 : radius);
  const [topLeft, topRight, bottomRight, bottomLeft] = [
    pixel(radii[0]),
    pixel(radii[1]),
    pixel(radii[2]),
    pixel(radii[3]),
  ];
  const factor = Math.min(
    1,
    width / (topLeft + topRight || 1),
    height / (topRight + bottomRight || 1),
    width / (bottomRight + bottomLeft || 1),
    height / (bottomLeft + topLeft || 1),
  );
  const whole = (radius: number) => (factor < 1 ? Math.floor(radius * factor) : roundHalfUp(radius));
  return [whole(topLeft), whole(topRight), whole(bottomRight), whole(bottomLeft)];
}
