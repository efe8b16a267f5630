import {
  type Connectivity,
  NetworkFailure,
  type Timers,
  type Transport,
  type TransportAnswer,
  type TransportRequest,
} from './ports.js';

/** A clock that moves only when told. */
export class VirtualTimers implements Timers {
  #nowMs = 1_700_000_000_000;
  #waiting: { atMs: number; run: () => void }[] = [];
  chance = 0.5;

  now(): number {
    return this.#nowMs;
  }

  random(): number {
    return this.chance;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== timer);
    };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#waiting.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#waiting = this.#waiting.filter((each) => each !== next);
      next.run();
      await quiet();
    }
    this.#nowMs = endMs;
    await quiet();
  }
}

export interface OpenRequest {
  readonly request: TransportRequest;
  progress(share: number): void;
  answer(status: number, body?: unknown, headers?: Record<string, string>): Promise<void>;
  cut(): Promise<void>;
}

/** A link that answers only when told, and can be unplugged. */
export class VirtualLink implements Transport, Connectivity {
  readonly open: OpenRequest[] = [];
  readonly all: TransportRequest[] = [];
  #isOnline = true;
  #listeners = new Set<() => void>();

  isOnline(): boolean {
    return this.#isOnline;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async plug(isOnline: boolean): Promise<void> {
    this.#isOnline = isOnline;
    if (!isOnline) await Promise.all([...this.open].map((request) => request.cut()));
    for (const listener of [...this.#listeners]) listener();
    await quiet();
  }

  send(
    request: TransportRequest,
    { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
  ): Promise<TransportAnswer> {
    this.all.push(request);
    return new Promise((resolve, reject) => {
      const end = () => {
        const at = this.open.indexOf(entry);
        if (at !== -1) this.open.splice(at, 1);
      };
      const entry: OpenRequest = {
        request,
        progress: onProgress,
        answer: async (status, body = { public_id: 'x' }, headers = {}) => {
          end();
          resolve({ status, body, header: (name) => headers[name] ?? null });
          await quiet();
        },
        cut: async () => {
          end();
          reject(new NetworkFailure('cut'));
          await quiet();
        },
      };
      signal.addEventListener('abort', () => {
        end();
        reject(signal.reason);
      });
      this.open.push(entry);
    });
  }
}

/** Lets everything that is ready run. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
