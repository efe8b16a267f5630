import type { Credentials } from './credentials.js';
import { UploadFailure } from './failure.js';
import type { ByteSource, Connectivity, Timers, Transport } from './ports.js';
import { isRunning, isSettled, type NewFile, type QueueFile, totalsOf } from './queue-file.js';
import { sendFile } from './send-file.js';
import { SpeedMeter } from './speed.js';

/** Files on the link at the same time. */
export const parallelUploads = 3;

/** What is sent for one file. */
export interface SendPlan {
  readonly url: string;
  readonly content: ByteSource | string;
  readonly filename: string;
  readonly credentials: Credentials;
  readonly chunkBytes: number;
}

export type EngineEvent =
  | { readonly type: 'started' }
  | { readonly type: 'confirmed' | 'success' | 'failed'; readonly file: QueueFile }
  | { readonly type: 'aborted' | 'retried'; readonly ids: readonly string[]; readonly all: boolean }
  | { readonly type: 'ended'; readonly files: readonly QueueFile[] };

export interface EngineDeps {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly connectivity: Connectivity;
  readonly newId: () => string;
  /** Asks hooks, scales down, encrypts: everything between the queue and the link. Once per upload, again after a manual retry. */
  readonly prepare: (file: QueueFile, signal: AbortSignal) => Promise<SendPlan>;
  readonly onEvent: (event: EngineEvent) => void;
  /** Something is different; called often, so gather before painting. */
  readonly onChange: () => void;
}

interface Entry {
  file: QueueFile;
  /** Null unless it holds a place on the link; what comes from another run is dropped. */
  run: AbortController | null;
  plan: SendPlan | null;
}

/**
 * The upload queue: three files at a time, each to exactly one end (done, failed or aborted), which a manual retry may reopen. It
 * knows no page: what it needs is handed in, and what happens is told.
 */
export class UploadEngine {
  readonly #entries = new Map<string, Entry>();
  readonly #speed = new SpeedMeter();
  readonly #deps: EngineDeps;
  #isActive = false;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /** In the order of adding. */
  files(): QueueFile[] {
    return [...this.#entries.values()].map(({ file }) => file);
  }

  file(id: string): QueueFile | null {
    return this.#entries.get(id)?.file ?? null;
  }

  /** Nothing waits and nothing runs. */
  isIdle(): boolean {
    return !this.#isActive;
  }

  /** Milliseconds until the queue is empty at the present speed; null when that is unknown. */
  timeLeftMs(): number | null {
    const { sentBytes, totalBytes } = totalsOf(this.files());
    const speed = this.#speed.bytesPerSecond();
    return speed === null || speed <= 0 ? null : ((totalBytes - sentBytes) / speed) * 1000;
  }

  bytesPerSecond(): number | null {
    return this.#speed.bytesPerSecond();
  }

  /** Puts files into the queue without starting them: {@link start} does. */
  add(files: readonly NewFile[]): QueueFile[] {
    const batchId = this.#deps.newId();
    const added = files.map(
      ({ resume, ...file }): QueueFile => ({
        ...file,
        id: this.#deps.newId(),
        batchId,
        status: resume === undefined ? 'queued' : 'paused',
        sentBytes: resume?.nextByte ?? 0,
        confirmedBytes: resume?.nextByte ?? 0,
        uploadId: resume?.uploadId ?? this.#deps.newId(),
        failure: null,
        uploadInfo: null,
      }),
    );
    for (const file of added) this.#entries.set(file.id, { file, run: null, plan: null });
    return added;
  }

  /** Sends what is queued. */
  start(): void {
    if (!this.#isActive && this.files().some((file) => !isSettled(file))) {
      this.#isActive = true;
      this.#speed.reset();
      this.#deps.onEvent({ type: 'started' });
    }
    this.#pump();
    this.#deps.onChange();
  }

  pause(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || isSettled(entry.file) || entry.file.status === 'paused') return;
    this.#stop(entry, { status: 'paused', sentBytes: entry.file.confirmedBytes });
    this.#pump();
  }

  resume(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.file.status !== 'paused') return;
    this.#set(entry, { status: 'queued' });
    this.start();
  }

  /** Stops uploads for good. What is settled stays as it is. */
  abort(ids: readonly string[], all = false): void {
    const open = ids.flatMap((id) => this.#entries.get(id) ?? []).filter(({ file }) => !isSettled(file));
    if (open.length === 0) return;
    for (const entry of open) this.#stop(entry, { status: 'aborted', sentBytes: 0 });
    this.#deps.onEvent({ type: 'aborted', ids: open.map(({ file }) => file.id), all });
    this.#settleQueue();
    this.#pump();
  }

  abortAll(): void {
    this.abort([...this.#entries.keys()], true);
  }

  /** Failed or aborted files go back into the queue. A file whose link failed goes on where it was. */
  retry(ids: readonly string[], all = false): void {
    const again = ids
      .flatMap((id) => this.#entries.get(id) ?? [])
      .filter(({ file }) => file.status === 'failed' || file.status === 'aborted');
    if (again.length === 0) return;
    for (const entry of again) {
      const { file } = entry;
      const goesOn = file.failure?.kind === 'network';
      if (!goesOn) entry.plan = null;
      const confirmedBytes = goesOn ? file.confirmedBytes : 0;
      const uploadId = goesOn ? file.uploadId : this.#deps.newId();
      this.#set(entry, {
        status: 'queued',
        failure: null,
        sentBytes: confirmedBytes,
        confirmedBytes,
        uploadId,
      });
    }
    this.#deps.onEvent({ type: 'retried', ids: again.map(({ file }) => file.id), all });
    this.start();
  }

  retryFailed(): void {
    this.retry(
      this.files()
        .filter(({ status }) => status === 'failed')
        .map(({ id }) => id),
      true,
    );
  }

  /** Takes settled files out of the queue. */
  forget(ids: readonly string[]): void {
    for (const id of ids)
      if (isSettled(this.#entries.get(id)?.file ?? { status: 'queued' })) this.#entries.delete(id);
    this.#deps.onChange();
  }

  /** Stops everything without a word and forgets it. */
  clear(): void {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    this.#isActive = false;
    for (const entry of entries) this.#stop(entry, {});
  }

  #pump(): void {
    const entries = [...this.#entries.values()];
    let free = parallelUploads - entries.filter(({ file }) => isRunning(file)).length;
    for (const entry of entries) {
      if (free <= 0) return;
      if (entry.file.status !== 'queued') continue;
      free -= 1;
      this.#run(entry);
    }
  }

  #run(entry: Entry): void {
    const run = new AbortController();
    entry.run = run;
    this.#set(entry, { status: 'preparing' });
    this.#send(entry, run).then(
      (uploadInfo) => this.#end(entry, run, { status: 'done', uploadInfo, sentBytes: entry.file.size }),
      (error: unknown) => this.#end(entry, run, { status: 'failed', failure: failureOf(error) }),
    );
  }

  async #send(entry: Entry, run: AbortController): Promise<Record<string, unknown>> {
    const { transport, timers, connectivity, prepare } = this.#deps;
    const { signal } = run;
    const isCurrent = () => entry.run === run;
    entry.plan ??= await prepare(entry.file, signal);
    signal.throwIfAborted();
    const { content, ...plan } = entry.plan;
    const { uploadId, confirmedBytes } = entry.file;
    return sendFile(
      { ...plan, file: content, uploadId, startByte: confirmedBytes },
      {
        transport,
        timers,
        connectivity,
        signal,
        onState: (status) => isCurrent() && this.#set(entry, { status }),
        onProgress: (sentBytes) => isCurrent() && this.#progress(entry, sentBytes),
        onConfirmed: (nextByte) => {
          if (!isCurrent()) return;
          this.#set(entry, { confirmedBytes: nextByte });
          this.#deps.onEvent({ type: 'confirmed', file: entry.file });
        },
      },
    );
  }

  /** The one place where an upload ends by itself. A run that was paused, aborted or cleared has no say any more. */
  #end(entry: Entry, run: AbortController, outcome: Partial<QueueFile>): void {
    if (entry.run !== run) return;
    entry.run = null;
    this.#set(entry, outcome);
    this.#deps.onEvent({ type: outcome.status === 'done' ? 'success' : 'failed', file: entry.file });
    this.#settleQueue();
    this.#pump();
  }

  #stop(entry: Entry, state: Partial<QueueFile>): void {
    const { run } = entry;
    entry.run = null;
    this.#set(entry, state);
    run?.abort(new UploadFailure('local', 'The upload was stopped'));
  }

  #settleQueue(): void {
    if (!this.#isActive || this.files().some((file) => !isSettled(file))) return;
    this.#isActive = false;
    this.#deps.onEvent({ type: 'ended', files: this.files() });
  }

  #progress(entry: Entry, sentBytes: number): void {
    this.#set(entry, { sentBytes: Math.min(sentBytes, entry.file.size) });
    this.#speed.record(this.#deps.timers.now(), totalsOf(this.files()).sentBytes);
  }

  #set(entry: Entry, changes: Partial<QueueFile>): void {
    entry.file = { ...entry.file, ...changes };
    this.#deps.onChange();
  }
}

function failureOf(error: unknown): UploadFailure {
  if (error instanceof UploadFailure) return error;
  return new UploadFailure('local', error instanceof Error ? error.message : String(error));
}
