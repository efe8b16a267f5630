import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { AnalysisResult, Probe, Renderer, RenderOptions, Rendition } from '../../ports/renderer.js';
import { ChildPool } from './child-pool.js';
import { type DeadlineClass, MAX_CHILDREN, MAX_QUEUED_JOBS, MAX_QUEUED_JOBS_PER_CLIENT } from './limits.js';
import type { ChildJobs } from './messages.js';
import { type ChildOptions, defaultChildOptions } from './render-child.js';

export interface SharpRendererOptions extends Partial<ChildOptions> {
  /** Jobs that run at once; by default one per core, at most `MAX_CHILDREN`. */
  readonly maxChildren?: number;
  /** Jobs that wait; more are refused with `RendererBusyError`. */
  readonly maxQueued?: number;
  readonly maxQueuedPerClient?: number;
}

/** The {@link Renderer} on sharp (libvips), in child processes without secrets that are killed when over a limit. */
export class SharpRenderer implements Renderer {
  readonly #pool: ChildPool;

  constructor(options: SharpRendererOptions = {}) {
    const {
      maxChildren = Math.max(1, Math.min(availableParallelism(), MAX_CHILDREN)),
      maxQueued = MAX_QUEUED_JOBS,
      maxQueuedPerClient = Math.min(MAX_QUEUED_JOBS_PER_CLIENT, maxQueued),
      ...child
    } = options;
    this.#pool = new ChildPool(
      { ...defaultChildOptions, ...child },
      { maxChildren, maxQueued, maxQueuedPerClient },
    );
  }

  /** Starts the children ahead of the first job. Optional. */
  warm(): Promise<void> {
    return this.#pool.warm();
  }

  render(job: ChildJobs['render'], { signal, client = null }: RenderOptions = {}): Promise<Rendition> {
    return withFreshOutput(job.outputPath, () =>
      this.#pool.run({ kind: 'render', job }, { deadline: deadlineOf(job), client, signal }),
    );
  }

  probe(
    inputPath: string,
    options: RenderOptions & { verify?: boolean; kindOnly?: boolean } = {},
  ): Promise<Probe> {
    const { signal, client = null, verify = false, kindOnly = false } = options;
    const job = { inputPath, verify, kindOnly };
    return this.#pool.run({ kind: 'probe', job }, { deadline: 'still', client, signal });
  }

  analyse(job: ChildJobs['analyse'], { signal, client = null }: RenderOptions = {}): Promise<AnalysisResult> {
    const deadline = job.inputFormat === 'svg' ? 'svg' : 'still';
    return this.#pool.run({ kind: 'analyse', job }, { deadline, client, signal });
  }

  sanitizeSvg(
    job: ChildJobs['sanitizeSvg'],
    { signal, client = null }: RenderOptions = {},
  ): Promise<{ bytes: number }> {
    return withFreshOutput(job.outputPath, () =>
      this.#pool.run({ kind: 'sanitizeSvg', job }, { deadline: 'svg', client, signal }),
    );
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function deadlineOf({ inputFormat, plan }: ChildJobs['render']): DeadlineClass {
  if (inputFormat === 'svg') return 'svg';
  return plan.output.animated ? 'animated' : 'still';
}

/** Refuses to touch a file that is there already, and leaves none behind after a failure. */
async function withFreshOutput<T>(outputPath: string, work: () => Promise<T>): Promise<T> {
  if (existsSync(outputPath)) throw new Error('the output file exists already');
  try {
    return await work();
  } catch (error) {
    await rm(outputPath, { force: true });
    throw error;
  }
}
