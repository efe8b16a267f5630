import { RendererBusyError } from '../../ports/renderer.js';
import type { DeadlineClass } from './limits.js';
import type { ChildRequest, ChildResults, JobKind } from './messages.js';
import { type ChildOptions, RenderChild } from './render-child.js';

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * A fixed number of {@link RenderChild}ren behind a bounded first-come queue. Children start when first needed and stay warm.
 * A child that was killed or crashed is replaced at the next job.
 */
export class ChildPool {
  readonly #options: ChildOptions;
  readonly #maxChildren: number;
  readonly #maxQueued: number;
  readonly #idle: RenderChild[] = [];
  readonly #running = new Set<RenderChild>();
  readonly #queue: Waiting[] = [];
  #closed = false;
  #active = 0;

  constructor(options: ChildOptions, { maxChildren, maxQueued }: { maxChildren: number; maxQueued: number }) {
    this.#options = options;
    this.#maxChildren = maxChildren;
    this.#maxQueued = maxQueued;
  }

  /** Runs one job, now or when its turn comes. Rejects with `RendererBusyError` when the queue is full. */
  async run<K extends JobKind>(
    request: ChildRequest & { readonly kind: K },
    { deadline, signal }: { deadline: DeadlineClass; signal: AbortSignal | undefined },
  ): Promise<ChildResults[K]> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    await this.#takeTurn(signal);
    let child: RenderChild | undefined;
    try {
      child = this.#takeChild();
      return (await child.run(request, { deadline, signal })) as ChildResults[K];
    } finally {
      await this.#release(child);
    }
  }

  /** Starts all children, so that the first jobs find them ready. */
  async warm(): Promise<void> {
    while (this.#idle.length + this.#running.size < this.#maxChildren) {
      this.#idle.push(new RenderChild(this.#options));
    }
    await Promise.all(this.#idle.map((child) => child.ready));
  }

  /** Kills everything; what waits or runs is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.refuse(closedError());
    await Promise.all([...this.#idle.splice(0), ...this.#running].map((child) => child.kill(closedError())));
  }

  async #takeTurn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#active < this.#maxChildren) {
      this.#active += 1;
      return;
    }
    if (this.#queue.length >= this.#maxQueued) throw new RendererBusyError('the render queue is full');
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      const settled = <T extends unknown[]>(settle: (...values: T) => void) => {
        return (...values: T) => {
          signal?.removeEventListener('abort', leave);
          settle(...values);
        };
      };
      const waiting: Waiting = { start: settled(resolve), refuse: settled(reject) };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
    });
  }

  #takeChild(): RenderChild {
    let child = this.#idle.pop();
    while (child !== undefined && !child.alive) child = this.#idle.pop();
    child ??= new RenderChild(this.#options);
    this.#running.add(child);
    return child;
  }

  async #release(child: RenderChild | undefined): Promise<void> {
    if (child !== undefined) {
      this.#running.delete(child);
      if (!child.alive || child.worn || this.#closed) await child.kill();
      else this.#idle.push(child);
    }
    const next = this.#queue.shift();
    if (next === undefined) this.#active -= 1;
    else next.start(); // the turn is handed on
  }
}

function closedError(): Error {
  return new Error('the renderer is closed');
}
