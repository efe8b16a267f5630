/**
 * Opens a remote http(s) URL without letting a client reach inside: addresses are checked as literals and again at connect
 * time, redirects are re-checked hop by hop, bytes and time are capped (threat model T22-T25).
 */
export interface RemoteFetcher {
  /** Rejects with `RemoteFetchError`. The caller reads `body` to its end or cancels it by `signal`. */
  open(
    url: string,
    options: { signal?: AbortSignal; maxBytes: number; headers?: Readonly<Record<string, string>> },
  ): Promise<RemoteFile>;
  close(): Promise<void>;
}

export interface RemoteFile {
  /** Address after redirects. */
  readonly url: string;
  readonly contentType: string | null;
  /** {@link filenameOf} the *requested* URL. */
  readonly filename: string | null;
  /** Errors with `RemoteFetchError` when the peer breaks off, lies about its length, or passes the caps. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** `reason` is the text after `Error in loading <url> - `, for example `404 Not Found` or `ERR_DNS_FAIL 0`. */
export class RemoteFetchError extends Error {
  override readonly name = 'RemoteFetchError';
  readonly reason: string;
  readonly tooLargeBytes: number | null;
  constructor(reason: string, options: { cause?: unknown; tooLargeBytes?: number } = {}) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.tooLargeBytes = options.tooLargeBytes ?? null;
  }
}

/** Last path segment, percent-decoded where that gives valid text; null when empty. */
export function filenameOf(url: URL): string | null {
  const segment = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  if (segment === '') return null;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
