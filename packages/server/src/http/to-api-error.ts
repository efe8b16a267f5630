import { ApiError } from '@counterseal/protocol';
import { BlobTooLargeError, StorageFullError } from '../ports/blob-store.js';
import { StoreBusyError } from '../ports/io.js';
import { RemoteFetchError } from '../ports/remote-fetcher.js';
import {
  RendererBusyError,
  type RenderLimit,
  RenderLimitError,
  UndecodableError,
} from '../ports/renderer.js';

/** What the texts name and the port errors do not know. */
export interface ErrorContext {
  readonly maxFileBytes?: number;
  /** The remote source as the client wrote it. */
  readonly url?: string;
  /** Of the media at hand. */
  readonly format?: string;
}

/** What a client is told to wait when the renderers are all taken. */
export const busyRetrySeconds = 5;

type Mapping = (error: unknown, context: ErrorContext) => ApiError | null;

/** A mapping that applies to one class of errors. */
function on<E extends Error>(
  errorClass: abstract new (...args: never[]) => E,
  map: (error: E, context: ErrorContext) => ApiError,
): Mapping {
  return (error, context) => (error instanceof errorClass ? map(error, context) : null);
}

const mappings: readonly Mapping[] = [
  on(ApiError, (error) => error),
  on(BlobTooLargeError, (cause, { maxFileBytes = 0 }) => {
    return new ApiError('file-too-large', { got: cause.bytes, max: maxFileBytes }, { cause });
  }),
  on(StorageFullError, (cause) => new ApiError('disk-full', {}, { cause })),
  on(RendererBusyError, tryLater),
  on(StoreBusyError, tryLater),
  on(RenderLimitError, (cause, context) => limits[cause.limit](cause, context)),
  on(UndecodableError, (cause) => new ApiError('invalid-image', {}, { cause })),
  on(RemoteFetchError, (cause, { url = '', maxFileBytes = 0 }) => {
    return cause.tooLargeBytes === null
      ? new ApiError('remote-load-failed', { url, reason: cause.reason }, { cause })
      : new ApiError('file-too-large', { got: cause.tooLargeBytes, max: maxFileBytes }, { cause });
  }),
];

function tryLater(cause: Error): ApiError {
  return new ApiError('busy', { seconds: busyRetrySeconds }, { cause, retryAfterSeconds: busyRetrySeconds });
}

const limits: Record<RenderLimit, (cause: RenderLimitError, context: ErrorContext) => ApiError> = {
  pixels: (cause, context) => {
    const format = cause.format ?? context.format ?? 'this format';
    return new ApiError('image-too-large', { got: cause.got, max: cause.max, format }, { cause });
  },
  result: (cause) => new ApiError('result-too-large', { got: cause.got, max: cause.max }, { cause }),
  time: (cause) =>
    new ApiError('transformation-timeout', { seconds: Math.ceil(cause.max / 1000) }, { cause }),
  memory: (cause) => new ApiError('image-too-complex', { reason: 'memory' }, { cause }),
  frames: (cause) => new ApiError('too-many-frames', { got: cause.got, max: cause.max }, { cause }),
};

/**
 * The ApiError for whatever a port or service threw. An error nobody foresaw becomes `internal`, with itself as `cause`; the
 * caller logs that one, once, with its stack.
 */
export function toApiError(error: unknown, context: ErrorContext = {}): ApiError {
  for (const mapping of mappings) {
    const mapped = mapping(error, context);
    if (mapped !== null) return mapped;
  }
  return new ApiError('internal', {}, { cause: error });
}
