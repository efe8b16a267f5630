import { STATUS_CODES } from 'node:http';
import { Agent, type Dispatcher, request } from 'undici';
import {
  filenameOf,
  RemoteFetchError,
  type RemoteFetcher,
  type RemoteFile,
} from '../../ports/remote-fetcher.js';
import { type AddressPolicy, addressPolicy } from './address-policy.js';
import { checkUrl } from './check-url.js';
import { toFetchError } from './failure-reasons.js';
import { guardedConnector, type ResolveHost, resolveHost } from './guarded-connect.js';
import { cappedBody, tooLarge } from './remote-body.js';

export const MAX_REDIRECTS = 3;
/** From the call to the last byte, look-ups and redirects included. */
export const FETCH_DEADLINE_MS = 30_000;
export const MAX_RESPONSE_HEADER_BYTES = 16 * 1024;

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Headers that frame the message or route it: a caller's value would contradict ours. */
const ownHeaders: ReadonlySet<string> = new Set(
  'accept-encoding connection content-length expect host keep-alive range te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

export interface UndiciRemoteFetcherOptions {
  /** CIDR ranges that may be reached although they are not public, there on any port. */
  readonly fetchAllow?: readonly string[];
  readonly deadlineMs?: number;
  readonly resolve?: ResolveHost;
}

/** {@link RemoteFetcher} on undici. Knows no proxy: the environment's proxy variables would move the check to the proxy. */
export class UndiciRemoteFetcher implements RemoteFetcher {
  readonly #policy: AddressPolicy;
  readonly #deadlineMs: number;
  readonly #agent: Agent;

  constructor(options: UndiciRemoteFetcherOptions = {}) {
    this.#policy = addressPolicy(options.fetchAllow ?? []);
    this.#deadlineMs = options.deadlineMs ?? FETCH_DEADLINE_MS;
    this.#agent = new Agent({
      connect: guardedConnector(this.#policy, options.resolve ?? resolveHost),
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
      // No connection outlives its request.
      pipelining: 0,
      headersTimeout: this.#deadlineMs,
      bodyTimeout: this.#deadlineMs,
    });
  }

  async open(
    url: string,
    options: { signal?: AbortSignal; maxBytes: number; headers?: Readonly<Record<string, string>> },
  ): Promise<RemoteFile> {
    const { signal, maxBytes } = options;
    signal?.throwIfAborted();
    const requested = checkUrl(url, this.#policy);
    const limit = deadline(this.#deadlineMs, signal);
    try {
      const { final, response } = await limit.race(
        this.#follow(requested, options.headers ?? {}, limit.signal),
      );
      const body = cappedBody(response.body, { maxBytes, fail: limit.explain, done: limit.clear });
      try {
        checkResponse(response, maxBytes);
      } catch (error) {
        response.body.destroy();
        throw error;
      }
      return {
        url: final.href,
        contentType: single(response.headers['content-type']),
        filename: filenameOf(requested),
        body,
      };
    } catch (error) {
      const failure = limit.explain(error);
      limit.clear();
      throw failure;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Goes from URL to URL, each checked like the first, until something else than a redirect answers. */
  async #follow(
    requested: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ final: URL; response: Dispatcher.ResponseData }> {
    let url = requested;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await request(url, {
        dispatcher: this.#agent,
        signal,
        headers: requestHeaders(url.origin === requested.origin ? headers : {}),
      });
      // Destroyed later or by the deadline, a body that nobody reads must not bring the process down.
      response.body.on('error', () => undefined);
      if (!redirectStatuses.has(response.statusCode)) return { final: url, response };
      response.body.destroy();
      const location = single(response.headers.location);
      if (location === null) throw new RemoteFetchError('ERR_INVALID_REDIRECT 0');
      url = checkUrl(location, this.#policy, url);
    }
    throw new RemoteFetchError('ERR_TOO_MANY_REDIRECTS 0');
  }
}

/** The caller's headers go to the origin the caller named, and nowhere else. */
function requestHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return !ownHeaders.has(lower) && !lower.startsWith('proxy-');
  });
  return { 'user-agent': 'Counterseal', ...Object.fromEntries(kept), 'accept-encoding': 'identity' };
}

/** Refuses what is no plain, whole file of an acceptable size. */
function checkResponse(response: Dispatcher.ResponseData, maxBytes: number): void {
  const { statusCode, headers } = response;
  // Our own phrase: the peer's would be its text in our answer.
  if (statusCode < 200 || statusCode > 299 || statusCode === 206) {
    throw new RemoteFetchError(`${statusCode} ${STATUS_CODES[statusCode] ?? 'Unknown'}`);
  }
  const codings = [single(headers['content-encoding']) ?? '', single(headers['transfer-encoding']) ?? ''];
  if (codings.join(',').split(',').some(isCompressed)) throw new RemoteFetchError('ERR_CONTENT_ENCODING 0');
  const declaredBytes = Number(headers['content-length'] ?? 0);
  if (declaredBytes > maxBytes) throw tooLarge(declaredBytes);
}

function isCompressed(coding: string): boolean {
  return !['', 'identity', 'chunked'].includes(coding.trim().toLowerCase());
}

function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value.join(',') : value) ?? null;
}

/** The caller's signal and the total deadline in one, and afterwards the knowledge of which of them it was. */
function deadline(timeoutMs: number, signal: AbortSignal | undefined) {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const either = signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]);
  return {
    signal: either,
    /** The client aborts a request only once it is connected; a name that hangs in the resolver is left behind by this. */
    race: <T>(work: Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        either.addEventListener('abort', () => reject(either.reason), { once: true });
        work.then(resolve, reject);
      }),
    clear: () => clearTimeout(timer),
    explain: (error: unknown): unknown => {
      if (error instanceof RemoteFetchError) return error;
      if (signal?.aborted) return signal.reason;
      return timeout.signal.aborted
        ? new RemoteFetchError('ERR_TIMEOUT 0', { cause: error })
        : toFetchError(error);
    },
  };
}
