import type { RenderPlan, Size, Step } from '@counterseal/protocol';
import sharp, { type Metadata, type OutputInfo, type Sharp } from 'sharp';
import { RenderLimitError, type Rendition } from '../../ports/renderer.js';
import { applyStep, extensionColor, type StepContext } from './apply-step.js';
import { over, WHITE } from './colors.js';
import { type AnimationTiming, encode, isOpaqueFormat } from './encode.js';
import { addsColor, fuseSteps, type Head } from './fuse-steps.js';
import { MAX_FRAMES, MAX_RESULT_PIXELS, MAX_SVG_PIXELS } from './limits.js';
import type { ChildJobs } from './messages.js';
import { explainFailure, type ImageInput, openImage, readHeader, readInput } from './open-image.js';
import { framesOf, pipelineOf, type Raster, toRaster } from './raster.js';

const DEFAULT_DELAY_MS = 100;

/** Carries out a plan: one fused pass from the file, a pass for each further step, one encode. Runs in the child. */
export async function render(job: ChildJobs['render']): Promise<Rendition> {
  const { plan, outputPath } = job;
  const input = await readInput(job.inputPath, job.inputFormat);
  const written = await write(input, plan, outputPath).catch(async (error: unknown) => {
    throw await explainFailure(error, input);
  });
  return toRendition(written, plan);
}

async function write(input: ImageInput, plan: RenderPlan, outputPath: string): Promise<OutputInfo> {
  const header = plan.output.animated ? await readHeader(input) : null;
  const frames = header !== null && isAnimation(plan) ? header.frames : 1;
  checkResultSizes(plan.steps, frames, input.format === 'svg' ? MAX_SVG_PIXELS : MAX_RESULT_PIXELS);
  const result = await pipelineFor(input, plan, frames > 1 ? header : null);
  return result.toFile(outputPath);
}

function isAnimation({ output }: RenderPlan): boolean {
  return output.animated && (output.format === 'gif' || output.format === 'webp');
}

/** The whole plan as one pipeline ready to be written. `animation` is the header of a source whose frames are all kept. */
async function pipelineFor(input: ImageInput, plan: RenderPlan, animation: Metadata | null): Promise<Sharp> {
  const { output } = plan;
  const head = fuseSteps(plan.steps, { colors: !plan.steps.some(addsColor) || !(await isGrey(input)) });
  const context: StepContext = {
    isOpaque: isOpaqueFormat(output.format),
    salientPosition: animation === null ? 'attention' : 'centre',
  };
  const opened = openImage(input, {
    autoOrient: !plan.ignoreOrientation,
    ...(animation === null ? {} : { pages: Math.min(MAX_FRAMES, animation.pages ?? 1) }),
  });
  const first = applyHead(opened, head, context);
  if (head.rest.length === 0) return encode(first, output);
  if (animation === null) {
    return encode(
      flattenFor(pipelineOf(await applyAll(await toRaster(first), head.rest, context)), context),
      output,
    );
  }
  return encode(await joinFrames(await toRaster(first), head.rest, context), output, timingOf(animation));
}

async function isGrey(input: ImageInput): Promise<boolean> {
  const { channels } = await readHeader(input);
  return channels < 3;
}

function applyHead(pipeline: Sharp, head: Head, context: StepContext): Sharp {
  const { window, scale, crop, extend, under, rest } = head;
  // A colour put under everything, or the white under a format without alpha. sharp does this before it scales.
  const ground = under ?? (context.isOpaque && rest.length === 0 ? WHITE : null);
  let next = ground === null ? pipeline : pipeline.flatten({ background: ground });
  if (window !== null) next = next.extract(window);
  if (scale !== null) {
    const { width, height, salient } = scale;
    next = next.resize(
      salient
        ? { width, height, fit: 'cover', position: context.salientPosition }
        : { width, height, fit: 'fill' },
    );
  }
  if (crop !== null) next = next.extract(crop);
  if (extend !== null) {
    const color = extensionColor(extend.background, context.isOpaque);
    next = next.extend({ ...extend, background: ground === null ? color : over(color, ground) });
  }
  return next;
}

async function applyAll(raster: Raster, steps: readonly Step[], context: StepContext): Promise<Raster> {
  let current = raster;
  for (const step of steps) current = await applyStep(current, step, context);
  return current;
}

async function joinFrames(
  strip: Raster & { frames: number },
  steps: readonly Step[],
  context: StepContext,
): Promise<Sharp> {
  const done: Raster[] = [];
  for (const frame of framesOf(strip)) done.push(await applyAll(frame, steps, context));
  const [first] = done;
  if (first === undefined) throw new Error('an animation without frames');
  const { width, height, channels } = first;
  return sharp(Buffer.concat(done.map((frame) => frame.data)), {
    raw: { width, height: height * done.length, channels, pageHeight: height },
    limitInputPixels: MAX_RESULT_PIXELS,
  });
}

function timingOf(animation: Metadata): AnimationTiming {
  const frames = animation.pages ?? 1;
  const delay = Array.from({ length: frames }, (_, index) => animation.delay?.[index] ?? DEFAULT_DELAY_MS);
  return { delay, loop: animation.loop ?? 0 };
}

function flattenFor(pipeline: Sharp, { isOpaque }: StepContext): Sharp {
  return isOpaque ? pipeline.flatten({ background: WHITE }) : pipeline;
}

/** A plan may ask for any size: no step may make more pixels than the cap. Until a step sets the size, 0 x 0 is assumed. */
function checkResultSizes(steps: readonly Step[], frames: number, maxPixels: number): void {
  let size: Size = { width: 0, height: 0 };
  for (const step of steps) {
    size = sizeAfter(size, step);
    const pixels = size.width * size.height * frames;
    if (pixels > maxPixels) throw new RenderLimitError('result', pixels, maxPixels);
  }
}

function sizeAfter({ width, height }: Size, step: Step): Size {
  switch (step.op) {
    case 'resize':
    case 'extract':
    case 'cover-salient':
    case 'extract-salient':
      return step;
    case 'extend':
      return { width: width + step.left + step.right, height: height + step.top + step.bottom };
    case 'border':
      return { width: width + 2 * step.width, height: height + 2 * step.width };
    case 'rotate':
      return step.degrees === 180 ? { width, height } : { width: height, height: width };
    default:
      return { width, height };
  }
}

function toRendition(info: OutputInfo, { size, output }: RenderPlan): Rendition {
  const height = info.pageHeight ?? info.height;
  if (info.width !== size.width || height !== size.height) {
    throw new Error(
      `the plan promised ${size.width}x${size.height}, the picture has ${info.width}x${height}`,
    );
  }
  return { width: info.width, height, bytes: info.size, format: output.format };
}
