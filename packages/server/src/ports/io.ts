/** Every I/O method takes these. An aborted call rejects with the signal's reason and leaves nothing half-done. */
export interface IoOptions {
  readonly signal?: AbortSignal;
}

/** A unique name is taken. */
export class DuplicateError extends Error {
  override readonly name = 'DuplicateError';
}

/** The store is kept busy by others for longer than is worth waiting. Nothing was written; trying again later may help. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
}
