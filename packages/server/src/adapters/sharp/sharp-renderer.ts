import { access, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { AnalysisResult, Probe, Renderer, Rendition } from '../../ports/renderer.js';
import { ChildPool } from './child-pool.js';
import { type DeadlineClass, MAX_CHILDREN, MAX_QUEUED_JOBS } from './limits.js';
import type { ChildJobs } from './messages.js';
import { type ChildOptions, defaultChildOptions } from './render-child.js';

export interface SharpRendererOptions extends Partial<ChildOptions> {
  /** Jobs that run at once; by default one per core, at most `MAX_CHILDREN`. */
  readonly maxChildren?: number;
  /** Jobs that wait; more are refused with `RendererBusyError`. */
  readonly maxQueued?: number;
}

type CallOptions = { signal?: AbortSignal };

/** The {@link Renderer} on sharp (libvips), in child processes without secrets that are killed when over a limit. */
export class SharpRenderer implements Renderer {
  readonly #pool: ChildPool;

  constructor(options: SharpRendererOptions = {}) {
    const { maxChildren, maxQueued = MAX_QUEUED_JOBS, ...child } = options;
    this.#pool = new ChildPool(
      { ...defaultChildOptions, ...child },
      { maxChildren: maxChildren ?? Math.max(1, Math.min(availableParallelism(), MAX_CHILDREN)), maxQueued },
    );
  }

  /** Starts the children ahead of the first job. Optional. */
  warm(): Promise<void> {
    return this.#pool.warm();
  }

  render(job: ChildJobs['render'], { signal }: CallOptions = {}): Promise<Rendition> {
    return withFreshOutput(job.outputPath, () =>
      this.#pool.run({ kind: 'render', job }, { deadline: deadlineOf(job), signal }),
    );
  }

  probe(
    inputPath: string,
    { signal, verify = false, kindOnly = false }: CallOptions & { verify?: boolean; kindOnly?: boolean } = {},
  ): Promise<Probe> {
    const job = { inputPath, verify, kindOnly };
    return this.#pool.run({ kind: 'probe', job }, { deadline: 'still', signal });
  }

  analyse(job: ChildJobs['analyse'], { signal }: CallOptions = {}): Promise<AnalysisResult> {
    const deadline = job.inputFormat === 'svg' ? 'svg' : 'still';
    return this.#pool.run({ kind: 'analyse', job }, { deadline, signal });
  }

  sanitizeSvg(job: ChildJobs['sanitizeSvg'], { signal }: CallOptions = {}): Promise<{ bytes: number }> {
    return withFreshOutput(job.outputPath, () =>
      this.#pool.run({ kind: 'sanitizeSvg', job }, { deadline: 'svg', signal }),
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
  const exists = await access(outputPath).then(
    () => true,
    () => false,
  );
  if (exists) throw new Error('the output file exists already');
  try {
    return await work();
  } catch (error) {
    await rm(outputPath, { force: true });
    throw error;
  }
}
