import { RendererBusyError } from '../../ports/renderer.js';
import { FairQueue } from './fair-queue.js';
import type { DeadlineClass } from './limits.js';
import type { ChildRequest, ChildResults, JobKind } from './messages.js';
import { type ChildOptions, RenderChild } from './render-child.js';

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
}

export interface PoolLimits {
  readonly maxChildren: number;
  /** Jobs of all viewers that wait. */
  readonly maxQueued: number;
  /** Jobs of one client that wait; of the server's own work as well, which no number of viewers keeps out. */
  readonly maxQueuedPerClient: number;
}

export interface JobOptions {
  readonly deadline: DeadlineClass;
  /** Whose turn it takes; null: work for a request that was authenticated. */
  readonly client?: string | null;
  readonly signal: AbortSignal | undefined;
}

/** The lane of the server's own work. */
const ownWork = '';

/**
 * A fixed number of {@link RenderChild}ren behind a bounded queue in which clients take turns. Children start when first needed and
 * stay warm. A child that was killed or crashed is replaced at the next job.
 */
export class ChildPool {
  readonly #options: ChildOptions;
  readonly #limits: PoolLimits;
  readonly #idle: RenderChild[] = [];
  readonly #running = new Set<RenderChild>();
  readonly #queue = new FairQueue<Waiting>();
  #closed = false;
  #active = 0;

  constructor(options: ChildOptions, limits: PoolLimits) {
    this.#options = options;
    this.#limits = limits;
  }

  /** Runs one job, now or when its turn comes. Rejects with `RendererBusyError` when too many wait. */
  async run<K extends JobKind>(
    request: ChildRequest & { readonly kind: K },
    { deadline, client = null, signal }: JobOptions,
  ): Promise<ChildResults[K]> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    await this.#takeTurn(client ?? ownWork, signal);
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
    while (this.#idle.length + this.#running.size < this.#limits.maxChildren) {
      this.#idle.push(new RenderChild(this.#options));
    }
    await Promise.all(this.#idle.map((child) => child.ready));
  }

  /** Kills everything; what waits or runs is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.drain()) waiting.refuse(closedError());
    await Promise.all([...this.#idle.splice(0), ...this.#running].map((child) => child.kill(closedError())));
  }

  async #takeTurn(client: string, signal: AbortSignal | undefined): Promise<void> {
    const { maxChildren, maxQueued, maxQueuedPerClient } = this.#limits;
    if (this.#active < maxChildren) {
      this.#active += 1;
      return;
    }
    const alreadyWaiting = this.#queue.lengthOf(client);
    if (alreadyWaiting >= maxQueuedPerClient)
      throw new RendererBusyError('the client has too many renders waiting');
    if (client !== ownWork && this.#queue.length >= maxQueued) {
      // A few clients that ask for much must not keep the others out of the queue either.
      const displaced = this.#queue.takeFromLongest({ moreThan: alreadyWaiting + 1, except: ownWork });
      const full = new RendererBusyError('the render queue is full');
      if (displaced === undefined) throw full;
      displaced.refuse(full);
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#queue.remove(client, waiting);
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
      this.#queue.push(client, waiting);
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
