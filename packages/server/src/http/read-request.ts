import type { IncomingMessage } from 'node:http';
import { ApiError } from '@counterseal/protocol';
import { type HeaderParams, isUtf8, parseHeaderParams } from './header-params.js';
import { createHolding, type Holding } from './held-bytes.js';
import { createIntake, type Intake, type IntakeOptions } from './intake.js';
import { maxNameBytes, stallTimeoutMs } from './limits.js';
import { decodeText, type RawPair } from './pairs.js';
import type { Parameters } from './parameters.js';
import { readChunks } from './read-chunks.js';
import { readJson } from './read-json.js';
import { readParts } from './read-multipart.js';
import { readUrlencoded } from './read-urlencoded.js';

export interface ReadOptions extends IntakeOptions {
  /** How long the client may be silent. */
  readonly stallTimeoutMs?: number;
}

export interface ReadRequest {
  /** The one view that is verified and acted on. */
  readonly parameters: Parameters;
  /** As they arrived; for parsed JSON values, see {@link RawPair.json}. */
  readonly pairs: readonly RawPair[];
  /** `taken`: `onFile` got it and has finished. `ignored`: there was one, but no `onFile`. */
  readonly file: 'none' | 'taken' | 'ignored';
  /** Lower case, without parameters; null when absent. */
  readonly contentType: string | null;
}

/**
 * Reads the parameters of a request of any method from query and body, in every dialect official clients speak (upload-api
 * reference, section 3.1): multipart, urlencoded (also without a Content-Type), JSON; an empty body under any type.
 *
 * Streams: `onFile` is called when the file begins, and pulls its bytes. When this rejects, the rest of the body is unread and
 * the socket is open: answer with `answerEarly`.
 *
 * @throws ApiError with status 400 for whatever is wrong with the request, `request-timeout` when it stalls, and what `onFile`
 * throws
 */
export async function readRequest(req: IncomingMessage, options: ReadOptions = {}): Promise<ReadRequest> {
  const holding = createHolding();
  const intake = createIntake(options, holding);
  const type = parseHeaderParams(req.headers['content-type'] ?? '');
  const stop = new AbortController();
  const body = readChunks(req, {
    signal: stop.signal,
    stallTimeoutMs: options.stallTimeoutMs ?? stallTimeoutMs,
  });
  try {
    await addUrlencoded(intake, queryOf(req), 'query');
    const first = await body.next();
    if (!first.done) await readerFor(req, type, holding)(intake, startingWith(first.value, body));
  } finally {
    stop.abort();
    holding.giveBack();
  }
  return { ...intake.finish(), contentType: type?.value || null };
}

type BodyReader = (intake: Intake, body: AsyncIterable<Buffer>) => Promise<void>;

function readerFor(req: IncomingMessage, type: HeaderParams | null, holding: Holding): BodyReader {
  const unsupported = () =>
    new ApiError('unsupported-content-type', { type: req.headers['content-type'] ?? '' });
  if (type === null || !isUtf8(type)) throw unsupported();
  switch (type.value) {
    case 'multipart/form-data':
      return (intake, body) => addParts(intake, body, type.params.get('boundary') ?? '');
    case 'application/json':
      return (intake, body) => addJson(intake, body, holding);
    case 'application/x-www-form-urlencoded':
    case '':
      return (intake, body) => addUrlencoded(intake, body, 'body');
    default:
      throw unsupported();
  }
}

async function addParts(intake: Intake, body: AsyncIterable<Buffer>, boundary: string): Promise<void> {
  for await (const { header, body: content } of readParts(body, boundary)) {
    const isFileName = /^file(?:\[\d*\])?$/.test(header.name);
    if (!header.isFile) {
      await intake.addField(header.name, content, { origin: 'body', mayBeBytes: true });
    } else if (isFileName) {
      await intake.addFile({
        kind: 'part',
        filename: header.filename,
        mimeType: header.mimeType,
        body: content,
      });
    } else {
      const name = header.name.slice(0, maxNameBytes);
      throw new ApiError('malformed-body', { reason: `part '${name}' is a file; only 'file' may be` });
    }
  }
}

async function addUrlencoded(
  intake: Intake,
  body: AsyncIterable<Buffer>,
  origin: RawPair['origin'],
): Promise<void> {
  for await (const { name, value } of readUrlencoded(body)) {
    if (name.length > 0 || !(await isEmpty(value))) {
      await intake.addField(decodeText('name', name), value, { origin });
    }
  }
}

async function addJson(intake: Intake, body: AsyncIterable<Buffer>, holding: Holding): Promise<void> {
  let file: string | null = null;
  for (const member of await readJson(body, holding)) {
    if (member.kind === 'pair') {
      intake.addPair(member.pair);
    } else {
      if (file !== null) throw new ApiError('repeated-parameter', { name: 'file' });
      file = member.text;
    }
  }
  // Everything is there already, so the file is told about all parameters, wherever it stood.
  if (file !== null) await intake.addFileText(pieces(file));
}

const pieceCharacters = 64 * 1024;

/** A long text as bytes, piece by piece. Never splits a surrogate pair. */
async function* pieces(text: string): AsyncGenerator<Buffer, void> {
  for (let start = 0; start < text.length; ) {
    const last = text.charCodeAt(start + pieceCharacters - 1);
    const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
    const end = start + pieceCharacters - (isHighSurrogate ? 1 : 0);
    yield Buffer.from(text.slice(start, end));
    start = end;
  }
}

async function* queryOf(req: IncomingMessage): AsyncGenerator<Buffer, void> {
  const url = req.url ?? '';
  const start = url.indexOf('?');
  if (start !== -1 && start + 1 < url.length) yield Buffer.from(url.slice(start + 1), 'latin1');
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield first;
  yield* rest;
}

async function isEmpty(value: AsyncIterable<Buffer>): Promise<boolean> {
  for await (const chunk of value) if (chunk.length > 0) return false;
  return true;
}
