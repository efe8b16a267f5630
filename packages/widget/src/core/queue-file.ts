import type { UploadFailure } from './failure.js';
import type { ByteSource } from './ports.js';
import type { SendState } from './send-file.js';

export type FileStatus = 'queued' | 'preparing' | SendState | 'paused' | 'done' | 'failed' | 'aborted';

/** A file as the page gave it, before anything was done with it. */
export interface NewFile {
  readonly name: string;
  /** Bytes; 0 when the server will fetch the file. */
  readonly size: number;
  /** MIME type; empty when unknown. */
  readonly type: string;
  /** Text is an address that the server fetches. */
  readonly content: ByteSource | string;
  /** What the surroundings want to remember of this file: its public id, its crop, its preview. */
  readonly details: unknown;
  /** Where an earlier page got to; such a file waits for the user. */
  readonly resume?: { readonly uploadId: string; readonly nextByte: number };
}

/** One file in the queue, as it stands. A new object after every change. */
export interface QueueFile extends Omit<NewFile, 'resume'> {
  readonly id: string;
  readonly batchId: string;
  readonly status: FileStatus;
  readonly sentBytes: number;
  /** Every byte before this one is on the server. */
  readonly confirmedBytes: number;
  /** Names the upload in `X-Unique-Upload-Id`. */
  readonly uploadId: string;
  readonly failure: UploadFailure | null;
  /** What the server answered; null until it is done. */
  readonly uploadInfo: Record<string, unknown> | null;
}

const settled: ReadonlySet<FileStatus> = new Set(['done', 'failed', 'aborted']);

/** Nothing more happens to it by itself. */
export function isSettled({ status }: Pick<QueueFile, 'status'>): boolean {
  return settled.has(status);
}

/** Holds one of the places on the link. */
export function isRunning({ status }: Pick<QueueFile, 'status'>): boolean {
  return !settled.has(status) && status !== 'queued' && status !== 'paused';
}

/** What the whole queue is doing. */
export interface QueueTotals {
  readonly files: number;
  readonly done: number;
  readonly failed: number;
  /** Neither done, failed nor aborted. */
  readonly open: number;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export function totalsOf(files: Iterable<QueueFile>): QueueTotals {
  const totals = { files: 0, done: 0, failed: 0, open: 0, sentBytes: 0, totalBytes: 0 };
  for (const file of files) {
    if (file.status === 'aborted') continue;
    totals.files += 1;
    if (file.status === 'done') totals.done += 1;
    else if (file.status === 'failed') totals.failed += 1;
    else totals.open += 1;
    if (file.status === 'failed') continue;
    totals.sentBytes += file.status === 'done' ? file.size : file.sentBytes;
    totals.totalBytes += file.size;
  }
  return totals;
}
