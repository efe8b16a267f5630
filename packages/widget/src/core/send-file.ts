import { type ByteRange, contentRange, rangeAt } from './chunks.js';
import type { Credentials } from './credentials.js';
import { answerMessage, UploadFailure } from './failure.js';
import {
  type ByteSource,
  type Connectivity,
  NetworkFailure,
  type Timers,
  type Transport,
  type TransportAnswer,
} from './ports.js';
import { isRetriable, maxAttempts, retryAfterMs, retryDelayMs } from './retry.js';
import { pause, untilOnline } from './wait.js';

export type SendState = 'signing' | 'uploading' | 'processing' | 'retrying' | 'offline';

/** One file on its way. `startByte` and `uploadId` let a paused or reloaded upload go on where it was. */
export interface SendJob {
  readonly url: string;
  /** Text is an address that the server fetches. */
  readonly file: ByteSource | string;
  readonly filename: string;
  readonly credentials: Credentials;
  readonly chunkBytes: number;
  readonly uploadId: string;
  readonly startByte: number;
}

export interface SendOptions {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly connectivity: Connectivity;
  readonly signal: AbortSignal;
  readonly onState: (state: SendState) => void;
  /** Bytes of the file that left so far; may go back when a chunk is sent again. */
  readonly onProgress: (sentBytes: number) => void;
  /** Every byte before this one is on the server. */
  readonly onConfirmed: (nextByte: number) => void;
}

/**
 * Sends one file to its end, in parts when it is larger than a chunk, and answers what the server said to the last part.
 *
 * @throws UploadFailure what the server refused, or what did not work after every retry; the signal's reason when aborted
 */
export async function sendFile(job: SendJob, options: SendOptions): Promise<Record<string, unknown>> {
  const { file } = job;
  if (typeof file === 'string' || file.size <= job.chunkBytes) {
    const range = typeof file === 'string' ? null : { start: 0, end: file.size };
    return completed(await sendPart(job, range, false, options));
  }
  let start = job.startByte;
  for (;;) {
    const range = rangeAt(start, file.size, job.chunkBytes);
    const answer = await sendPart(job, range, true, options);
    if (range.end === file.size) return completed(answer);
    start = range.end;
    options.onConfirmed(start);
  }
}

/** The last answer describes the asset; `done: false` there means that the server misses a part. */
function completed({ body, status }: TransportAnswer): Record<string, unknown> {
  const asset = body as Record<string, unknown> | null;
  if (asset === null || typeof asset !== 'object') {
    throw new UploadFailure(
      'answer',
      `The server answered ${status} without a description of the file`,
      status,
    );
  }
  if (asset.done === false) {
    throw new UploadFailure('answer', 'The server did not get every part of the file', status);
  }
  return asset;
}

async function sendPart(
  job: SendJob,
  range: ByteRange | null,
  isChunk: boolean,
  options: SendOptions,
): Promise<TransportAnswer> {
  const { timers, connectivity, signal, onState } = options;
  for (let attempt = 1; ; attempt += 1) {
    if (!connectivity.isOnline()) {
      onState('offline');
      await untilOnline(connectivity, signal);
    }
    const result = await tryPart(job, range, isChunk, options);
    if (!(result instanceof UploadFailure)) {
      if (result.status >= 200 && result.status < 300) return result;
      const message = answerMessage(result.body, result.header('X-Cld-Error'), result.status);
      if (!isRetriable(result.status) || attempt >= maxAttempts)
        throw new UploadFailure('answer', message, result.status);
    } else if (!connectivity.isOnline()) {
      // The link is gone, and says so: waiting for it is not a try.
      attempt -= 1;
      continue;
    } else if (attempt >= maxAttempts) throw result;
    onState('retrying');
    const asked = result instanceof UploadFailure ? 0 : retryAfterMs(result, timers.now());
    await pause(retryDelayMs(attempt, timers.random(), asked), timers, signal);
  }
}

/** One try: the answer, whatever it says, or the network's failure. */
async function tryPart(
  job: SendJob,
  range: ByteRange | null,
  isChunk: boolean,
  { transport, signal, onState, onProgress }: SendOptions,
): Promise<TransportAnswer | UploadFailure> {
  const { file } = job;
  const startByte = range?.start ?? 0;
  const bytes = range === null ? 0 : range.end - range.start;
  onProgress(startByte);
  onState('signing');
  const fields = await job.credentials.fields(signal);
  signal.throwIfAborted();
  onState('uploading');
  try {
    return await transport.send(
      {
        url: job.url,
        headers:
          isChunk && range !== null && typeof file !== 'string'
            ? { 'X-Unique-Upload-Id': job.uploadId, 'Content-Range': contentRange(range, file.size) }
            : {},
        fields: Object.entries(fields),
        file:
          isChunk && range !== null && typeof file !== 'string' ? file.slice(range.start, range.end) : file,
        filename: job.filename,
      },
      {
        signal,
        onProgress: (share) => {
          onProgress(startByte + Math.round(bytes * share));
          if (share >= 1) onState('processing');
        },
      },
    );
  } catch (error) {
    if (error instanceof NetworkFailure) return new UploadFailure('network', error.message);
    throw error;
  }
}
