import type { IncomingMessage } from 'node:http';
import { ApiError } from '@counterseal/protocol';
import type { ArrivedFile } from '../services/arrived-file.js';
import type { Principal, Verdict } from './authenticator.js';
import type { Call, Reply } from './call.js';
import { networkOf } from './client-network.js';
import { type ChunkRange, readUploadRange, type UploadRange } from './content-range.js';
import type { FileSource } from './file-source.js';
import { type KnownParameters, type Parameters, refuseUnsupported, splitKnown } from './parameters.js';
import { createPlaces } from './places.js';
import { readRequest } from './read-request.js';
import {
  answering,
  callOf,
  type EdgeDeps,
  type Exchange,
  judge,
  listNames,
  nameIgnored,
  settle,
} from './serve-operation.js';

/**
 * Credentials that stand before the file but do not match yet may be completed by fields behind it; a large file is not read on that
 * hope. Forms with a file up to this size may have their fields in any order.
 */
const graceBytes = 1024 * 1024;

/**
 * A file that comes before its credentials is read on trust: up to what the reference lets one request carry (section 9), and from a
 * bounded number of strangers at a time. Fewer of one network, or who lets a few files drip would take everybody's place. The others
 * wait, less long than a proxy usually does.
 */
const maxTrustedBytes = 100 * 1024 * 1024;
const onTrust = createPlaces({
  max: 32,
  maxOfNetwork: 8,
  maxWaiting: 256,
  maxWaitingOfNetwork: 64,
  waitMs: 50_000,
  retryAfterSeconds: 5,
});

export interface UploadEdgeDeps extends EdgeDeps {
  readonly receiveFile: (
    file: FileSource,
    options: { signal: AbortSignal; maxBytes: number },
  ) => Promise<ArrivedFile>;
  readonly discardFile: (file: ArrivedFile) => Promise<void>;
  readonly maxFileBytes: number;
}

type UploadCall = Call & { principal: Principal };

export interface UploadHandlers {
  readonly upload: (call: UploadCall, file: ArrivedFile) => Promise<Reply>;
  /** A part of a file. The file is null for an empty chunk. */
  readonly uploadChunk: (call: UploadCall, file: ArrivedFile | null, range: ChunkRange) => Promise<Reply>;
}

/**
 * The Upload API's one streaming call. The file goes to staging while it arrives; credentials in front of it are checked before
 * its bytes are read; what is verified in the end is the complete form. Nothing is kept when anything fails.
 */
export function serveUpload(
  handlers: UploadHandlers,
  deps: UploadEdgeDeps,
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    await answering(exchange, deps, async () => {
      const range = readUploadRange(exchange.req.headers);
      refuseTooLarge(range, deps);
      const { split, verdict, file } = await receive(exchange, range, deps);
      try {
        const principal = settle(verdict, split, exchange, deps);
        refuseUnsupported('upload', split.known);
        nameIgnored(exchange.res, split);
        checkLength(range, file);
        const call = callOf(exchange, split, principal);
        if (range.kind === 'chunk' && (file !== null || range.start === range.end))
          return await handlers.uploadChunk(call, file, range);
        if (file === null) throw new ApiError('missing-parameter', { name: 'file' });
        return await handlers.upload(call, file);
      } catch (error) {
        if (file !== null) await deps.discardFile(file);
        throw error;
      }
    });
  };
}

async function receive(exchange: Exchange, range: UploadRange, deps: UploadEdgeDeps) {
  let file: ArrivedFile | null = null;
  let early: { verdict: Verdict; parameters: number } | null = null;
  const onFile = async (soFar: Parameters, source: FileSource) => {
    const split = splitKnown('upload', soFar);
    const verdict = hasCredentials(split, exchange.req) ? await judge('upload', split, exchange, deps) : null;
    early = verdict === null ? null : { verdict, parameters: soFar.size };
    const refusal = verdict?.outcome === 'rejected' ? verdict : null;
    if (refusal !== null && !refusal.mayComplete) settle(refusal, split, exchange, deps);
    if (verdict?.outcome === 'authenticated') refuseUnsupported('upload', split.known);
    const fileBytes = Math.min(bytesOf(range) ?? deps.maxFileBytes, deps.maxFileBytes);
    const maxBytes = Math.min(limitFor(verdict), fileBytes);
    const receiveFile = () => deps.receiveFile(source, { signal: exchange.signal, maxBytes });
    try {
      file =
        verdict === null
          ? await onTrust.run(networkOf(deps.clientAddressOf(exchange.req)), exchange.signal, receiveFile)
          : await receiveFile();
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      if (refusal !== null) settle(refusal, split, exchange, deps);
      throw bytesOf(range) === null ? error : lengthError(range, `more than ${maxBytes}`);
    }
  };
  try {
    const { parameters } = await readRequest(exchange.req, { onFile, listNames: listNames('upload') });
    const split = splitKnown('upload', parameters);
    return {
      split,
      file: file as ArrivedFile | null,
      verdict: await finalVerdict(split, parameters.size, early, exchange, deps),
    };
  } catch (error) {
    if (file !== null) await deps.discardFile(file);
    throw error;
  }
}

function limitFor(verdict: Verdict | null): number {
  if (verdict === null) return maxTrustedBytes;
  return verdict.outcome === 'authenticated' ? Number.POSITIVE_INFINITY : graceBytes;
}

/** The early verdict stands when nothing followed the file: what was verified is what is acted on. */
async function finalVerdict(
  split: KnownParameters,
  parameters: number,
  early: { verdict: Verdict; parameters: number } | null,
  exchange: Exchange,
  deps: UploadEdgeDeps,
): Promise<Verdict> {
  return early !== null && early.parameters === parameters
    ? early.verdict
    : judge('upload', split, exchange, deps);
}

function hasCredentials({ known }: KnownParameters, req: IncomingMessage): boolean {
  return req.headers.authorization !== undefined || known.has('signature') || known.has('upload_preset');
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'file-too-large';
}

/** Bytes that this request carries by its own account; null when it says nothing. */
function bytesOf(range: UploadRange): number | null {
  if (range.kind === 'none') return null;
  return range.kind === 'whole' ? range.bytes : range.end - range.start;
}

/** A file that will be too large is refused with its first chunk. */
function refuseTooLarge(
  range: UploadRange,
  { maxFileBytes: max }: Pick<UploadEdgeDeps, 'maxFileBytes'>,
): void {
  if (range.kind === 'none') return;
  const got = range.kind === 'whole' ? range.bytes : (range.totalBytes ?? range.end);
  if (got > max) throw new ApiError('file-too-large', { got, max });
}

/** What a range promises must be there, no more and no less. */
function checkLength(range: UploadRange, file: ArrivedFile | null): void {
  const expected = bytesOf(range);
  if (expected === null || file === null) return;
  if (file.kind === 'url') {
    if (range.kind === 'chunk') throw new ApiError('chunk-not-bytes');
  } else if (file.staged.bytes !== expected) throw lengthError(range, file.staged.bytes);
}

function lengthError(range: UploadRange, got: number | string): ApiError {
  return new ApiError('chunk-length', { expected: bytesOf(range) ?? 0, got });
}
