import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { RenderLimitError, UndecodableError } from '../../ports/renderer.js';
import {
  CHILD_HEAP_MEGABYTES,
  CHILD_START_TIMEOUT_MS,
  DEADLINES_MS,
  type DeadlineClass,
  KILL_RSS_BYTES,
  MAX_JOBS_PER_CHILD,
  MEMORY_WATCH_INTERVAL_MS,
  RECYCLE_RSS_BYTES,
} from './limits.js';
import { type ChildMessage, type ChildRequest, fromWireError } from './messages.js';

export interface ChildOptions {
  readonly script: string | URL;
  /** Added to the few variables a child gets; the server's own environment never is (threat model T18). */
  readonly environment: Readonly<Record<string, string>>;
  readonly deadlinesMs: Readonly<Record<DeadlineClass, number>>;
  readonly killRssBytes: number;
}

export const defaultChildOptions = {
  script: new URL('./child.js', import.meta.url),
  environment: {},
  deadlinesMs: DEADLINES_MS,
  killRssBytes: KILL_RSS_BYTES,
} as const satisfies ChildOptions;

/** One decoder process. It does one job at a time and is killed when the job takes too long, grows too large or is aborted. */
export class RenderChild {
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  readonly #exited: Promise<unknown>;
  /** Resolves when the process takes jobs; rejects when it cannot start. */
  readonly ready: Promise<void>;
  #jobs = 0;
  #killedBecause: unknown;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = fork(options.script, [], {
      // Fewer malloc arenas: they must be set before the process starts, and keep half of the memory after many jobs.
      env: { MALLOC_ARENA_MAX: '2', ...options.environment },
      execArgv: [`--max-old-space-size=${CHILD_HEAP_MEGABYTES}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#process.on('error', () => undefined); // what it means is seen as an end or a missing start
    this.#exited = once(this.#process, 'close').catch(() => undefined);
    this.ready = this.#waitUntilReady();
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get alive(): boolean {
    return this.#process.connected && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Whether it should be replaced before the next job. */
  get worn(): boolean {
    return this.#jobs >= MAX_JOBS_PER_CHILD || (rssBytesOf(this.pid) ?? 0) > RECYCLE_RSS_BYTES;
  }

  /** Runs one job. When this rejects because of a kill, the process has ended and touches no file any more. */
  async run(
    request: ChildRequest,
    { deadline, signal }: { deadline: DeadlineClass; signal: AbortSignal | undefined },
  ): Promise<unknown> {
    await this.ready;
    signal?.throwIfAborted();
    this.#jobs += 1;
    const startedAtMs = performance.now();
    const { deadlinesMs, killRssBytes } = this.#options;

    return new Promise((resolve, reject) => {
      const kill = (reason: unknown) => void this.kill(reason);
      const startTimer = (name: DeadlineClass) => {
        const maxMs = deadlinesMs[name];
        const elapsedMs = () => Math.round(performance.now() - startedAtMs);
        return setTimeout(
          () => kill(new RenderLimitError('time', elapsedMs(), maxMs)),
          Math.max(0, maxMs - elapsedMs()),
        );
      };
      let timer = startTimer(deadline);
      const memoryWatch = setInterval(() => {
        const rssBytes = rssBytesOf(this.pid) ?? 0;
        if (rssBytes > killRssBytes) kill(new RenderLimitError('memory', rssBytes, killRssBytes));
      }, MEMORY_WATCH_INTERVAL_MS);
      const onAbort = () => kill(signal?.reason);
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        clearInterval(memoryWatch);
        signal?.removeEventListener('abort', onAbort);
        this.#process.off('message', onMessage);
        this.#process.off('close', onClose);
        finish();
      };
      const onMessage = (message: ChildMessage) => {
        if (this.#killedBecause !== undefined) return; // the close event decides
        if (message.type === 'deadline') {
          clearTimeout(timer);
          timer = startTimer(message.deadline);
        } else if (message.type === 'done') settle(() => resolve(message.value));
        else if (message.type === 'failed') settle(() => reject(fromWireError(message.error)));
      };
      const onClose = (code: number | null, signalName: string | null) =>
        settle(() =>
          reject(this.#killedBecause ?? new UndecodableError(`the decoder ended with ${signalName ?? code}`)),
        );

      this.#process.on('message', onMessage);
      this.#process.on('close', onClose);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#process.send(request, (error) => {
        if (error) kill(new UndecodableError(`the decoder ended: ${error.message}`));
      });
    });
  }

  /** Ends the process, now. A running job rejects with the (first) reason. */
  async kill(reason?: unknown): Promise<void> {
    this.#killedBecause ??= reason;
    this.#process.kill('SIGKILL');
    if (this.#process.pid !== undefined) await this.#exited;
  }

  async #waitUntilReady(): Promise<void> {
    const startTimeout = AbortSignal.timeout(CHILD_START_TIMEOUT_MS);
    const first = await Promise.race([
      once(this.#process, 'message', { signal: startTimeout }),
      this.#exited.then(() => null),
    ]).catch((cause: unknown) => {
      this.#process.kill('SIGKILL');
      throw new Error('the decoder process did not start', { cause });
    });
    if (first === null) throw new Error('the decoder process ended while starting');
  }
}

/** Resident memory of a process; null where the system does not tell (then there is no memory watch). */
export function rssBytesOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
