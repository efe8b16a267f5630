import type { IncomingMessage } from 'node:http';
import { ApiError } from '@counterseal/protocol';
import type { ArrivedFile } from '../services/arrived-file.js';
import type { Principal, Verdict } from './authenticator.js';
import type { Call, Reply } from './call.js';
import type { FileSource } from './file-source.js';
import { type KnownParameters, type Parameters, refuseUnsupported, splitKnown } from './parameters.js';
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

export interface UploadEdgeDeps extends EdgeDeps {
  readonly receiveFile: (
    file: FileSource,
    options: { signal: AbortSignal; maxBytes: number },
  ) => Promise<ArrivedFile>;
  readonly discardFile: (file: ArrivedFile) => Promise<void>;
  readonly maxFileBytes: number;
}

/**
 * The Upload API's one streaming call. The file goes to staging while it arrives; credentials in front of it are checked before
 * its bytes are read; what is verified in the end is the complete form. Nothing is kept when anything fails.
 */
export function serveUpload(
  handler: (call: Call & { principal: Principal }, file: ArrivedFile) => Promise<Reply>,
  deps: UploadEdgeDeps,
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    await answering(exchange, deps, async () => {
      refusePartialRange(exchange.req);
      const { split, verdict, file } = await receive(exchange, deps);
      try {
        const principal = settle(verdict, split, exchange, deps);
        refuseUnsupported('upload', split.known);
        nameIgnored(exchange.res, split);
        if (file === null) throw new ApiError('missing-parameter', { name: 'file' });
        return await handler(callOf(exchange, split, principal), file);
      } catch (error) {
        if (file !== null) await deps.discardFile(file);
        throw error;
      }
    });
  };
}

async function receive(exchange: Exchange, deps: UploadEdgeDeps) {
  let file: ArrivedFile | null = null;
  let early: { verdict: Verdict; parameters: number } | null = null;
  const onFile = async (soFar: Parameters, source: FileSource) => {
    const split = splitKnown('upload', soFar);
    const verdict = hasCredentials(split, exchange.req) ? await judge('upload', split, exchange, deps) : null;
    early = verdict === null ? null : { verdict, parameters: soFar.size };
    const refusal = verdict?.outcome === 'rejected' ? verdict : null;
    if (refusal !== null && !refusal.mayComplete) settle(refusal, split, exchange, deps);
    if (verdict?.outcome === 'authenticated') refuseUnsupported('upload', split.known);
    const maxBytes = refusal === null ? deps.maxFileBytes : Math.min(graceBytes, deps.maxFileBytes);
    try {
      file = await deps.receiveFile(source, { signal: exchange.signal, maxBytes });
    } catch (error) {
      if (refusal !== null && isTooLarge(error)) settle(refusal, split, exchange, deps);
      throw error;
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

/** A whole range is an ordinary upload; a part of a file waits for chunked uploads (upload-api reference, section 3.5). */
function refusePartialRange(req: IncomingMessage): void {
  const header = req.headers['content-range'];
  if (header === undefined) return;
  const match = /^bytes\s+(\d+)-(\d+)\/(\d+)$/.exec(header.trim());
  const whole = match !== null && match[1] === '0' && Number(match[2]) + 1 === Number(match[3]);
  if (!whole) throw new ApiError('unsupported-range');
}
