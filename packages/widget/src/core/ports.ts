/** What the engine needs from its surroundings. The browser's side of each is in ../browser; tests bring their own clock and link. */

/** Bytes that can be cut: a `File` or `Blob` in browsers. */
export interface ByteSource {
  readonly size: number;
  slice(start: number, end: number): ByteSource;
}

export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  /** 0 <= x < 1; spreads retries. */
  random(): number;
  /** Runs once, later. Answers how to call it off. */
  after(delayMs: number, run: () => void): () => void;
}

export interface TransportRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In sending order; they go before the file, so that a server can refuse before it reads bytes. */
  readonly fields: readonly (readonly [string, string])[];
  /** Text is an address that the server fetches. */
  readonly file: ByteSource | string;
  readonly filename: string;
}

export interface TransportAnswer {
  readonly status: number;
  /** Null when the answer has no such header, or may not be read across origins. */
  header(name: string): string | null;
  /** Parsed JSON; null when it was none. */
  readonly body: unknown;
}

export interface Transport {
  /**
   * One POST. Rejects with {@link NetworkFailure} when no answer came, with the signal's reason when it was aborted; every answer,
   * whatever its status, resolves. `onProgress` gets the share of the file that left, 0 to 1.
   */
  send(
    request: TransportRequest,
    options: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
  ): Promise<TransportAnswer>;
}

/** No answer came: a cut link, a refused connection, a blocked request. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure';
}

export interface Connectivity {
  isOnline(): boolean;
  /** Answers how to stop listening. */
  onChange(listener: () => void): () => void;
}
