import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, type OperationName, operations, type ParamTable } from '@counterseal/protocol';
import { answerEarly } from './answer-early.js';
import { authenticate } from './authenticate.js';
import type { AuthenticationDeps, Principal, Verdict } from './authenticator.js';
import type { Call, Handler, Reply } from './call.js';
import type { ClientAddressOf } from './client-address.js';
import { uploadCors } from './cors.js';
import type { FailedClient, FailureLimiter } from './failure-limiter.js';
import { checkText } from './pairs.js';
import { type KnownParameters, refuseUnsupported, splitKnown } from './parameters.js';
import { readRequest } from './read-request.js';
import { renderError } from './render-error.js';
import type { ReportError } from './report-error.js';

export interface EdgeDeps extends AuthenticationDeps {
  readonly failures: FailureLimiter;
  readonly clientAddressOf: ClientAddressOf;
  readonly reportError: ReportError;
}

/** One request on its way to a handler. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Decoded route parameters, `cloud` among them. */
  readonly path: Readonly<Record<string, string>>;
  /** Aborted when the client goes away before the answer is sent. */
  readonly signal: AbortSignal;
}

/**
 * Reads, authenticates and answers a call that carries no file. `access: 'open'` needs no credentials.
 */
export function serveOperation(
  operation: OperationName,
  handler: Handler,
  deps: EdgeDeps,
  access: 'key' | 'open' = 'key',
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    if (isAdmin(operation)) tellNoRateLimit(exchange.res);
    await answering(exchange, deps, async () => {
      const { parameters, file } = await readRequest(exchange.req, { listNames: listNames(operation) });
      const split = withIgnoredFile(splitKnown(operation, parameters), file);
      const principal = access === 'open' ? null : await requirePrincipal(operation, split, exchange, deps);
      refuseUnsupported(operation, split.known);
      nameIgnored(exchange.res, split);
      return handler(callOf(exchange, split, principal));
    });
  };
}

const uploadOperations: ReadonlySet<OperationName> = new Set(['destroy', 'asset-destroy', 'delete-by-token']);

function isAdmin(operation: OperationName): boolean {
  return !uploadOperations.has(operation);
}

/** There is no limit; the number only has to look like one to the clients that read it. */
const noRateLimit = '1000000';
const hourMs = 3_600_000;

/** Official SDKs read these from every Admin answer and want numbers above zero (upload-api reference, section 5.3). */
function tellNoRateLimit(res: ServerResponse): void {
  res.setHeader('X-FeatureRateLimit-Limit', noRateLimit);
  res.setHeader('X-FeatureRateLimit-Remaining', noRateLimit);
  res.setHeader('X-FeatureRateLimit-Reset', new Date(Math.ceil(Date.now() / hourMs) * hourMs).toUTCString());
}

export function callOf<P extends Principal | null>(
  { path, signal }: Exchange,
  { known }: KnownParameters,
  principal: P,
): Call & { principal: P } {
  return { cloud: path.cloud ?? '', path, parameters: known, principal, signal };
}

/**
 * Sends the reply, or whatever went wrong, with the same headers either way. Text of the path is checked as that of parameters is: no
 * store takes a NUL.
 */
export async function answering(
  { req, res, path, signal }: Exchange,
  { reportError }: Pick<EdgeDeps, 'reportError'>,
  work: () => Promise<Reply | 'sent'>,
): Promise<void> {
  for (const [name, value] of Object.entries(uploadCors())) res.setHeader(name, value);
  try {
    for (const [name, text] of Object.entries(path)) checkText(name, text);
    const reply = await work();
    if (reply !== 'sent') sendJson(res, reply);
  } catch (error) {
    if (signal.aborted || res.headersSent) {
      res.destroy();
      if (!signal.aborted) reportError(error, req);
      return;
    }
    await answerEarly(req, res, renderError(reportError(error, req)));
  }
}

function sendJson(res: ServerResponse, { status = 200, body }: Reply): void {
  const text = Buffer.from(JSON.stringify(body));
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': text.length,
    'Cache-Control': 'no-store',
  });
  res.end(text);
}

/** @throws ApiError the reason of the refusal, counted against key and client */
export async function requirePrincipal(
  operation: OperationName,
  parameters: KnownParameters,
  exchange: Exchange,
  deps: EdgeDeps,
): Promise<Principal> {
  return settle(await judge(operation, parameters, exchange, deps), parameters, exchange, deps);
}

/** Asks the authenticators, unless this client must wait. */
export async function judge(
  operation: OperationName,
  parameters: KnownParameters,
  { req, path }: Exchange,
  deps: EdgeDeps,
): Promise<Verdict> {
  const seconds = deps.failures.tooMany(failedClient(parameters, req, deps));
  if (seconds > 0) {
    const error = new ApiError('busy-with-failures', { seconds }, { retryAfterSeconds: seconds });
    return { outcome: 'rejected', error, mayComplete: false };
  }
  return authenticate(
    {
      cloud: path.cloud ?? '',
      operation,
      parameters,
      authorization: req.headers.authorization ?? null,
      clientAddress: deps.clientAddressOf(req),
    },
    deps,
  );
}

/** A verdict as a principal, or its refusal counted and thrown. */
export function settle(
  verdict: Verdict,
  parameters: KnownParameters,
  { req }: Exchange,
  deps: Pick<EdgeDeps, 'failures' | 'clientAddressOf'>,
): Principal {
  if (verdict.outcome === 'authenticated') return verdict.principal;
  if (verdict.outcome === 'not-applicable') throw new ApiError('missing-parameter', { name: 'api_key' });
  if (verdict.error.status === 401) deps.failures.recordFailure(failedClient(parameters, req, deps));
  throw verdict.error;
}

function failedClient(
  { known }: KnownParameters,
  req: IncomingMessage,
  { clientAddressOf }: Pick<EdgeDeps, 'clientAddressOf'>,
): FailedClient {
  const apiKey = known.get('api_key');
  return {
    apiKey: typeof apiKey === 'string' ? apiKey : null,
    address: clientAddressOf(req),
  };
}

/** A file that was sent to an operation that takes none is one more name without effect. */
function withIgnoredFile(split: KnownParameters, file: 'none' | 'taken' | 'ignored'): KnownParameters {
  return file === 'ignored' ? { ...split, ignored: [...split.ignored, 'file'] } : split;
}

/** Names that had no effect (rulings, docs/decisions/0002). They are legal names: plain lower-case ASCII. */
export function nameIgnored(res: ServerResponse, { ignored }: KnownParameters): void {
  if (ignored.length > 0) res.setHeader('X-Counterseal-Ignored', ignored.slice(0, 50).join(', '));
}

const listNamesByOperation = new Map<OperationName, ReadonlySet<string>>();

/** Parameters of an operation that may repeat without brackets. */
export function listNames(operation: OperationName): ReadonlySet<string> {
  const known = listNamesByOperation.get(operation);
  if (known !== undefined) return known;
  const table: ParamTable = operations[operation].params;
  const names = new Set(Object.keys(table).filter((name) => table[name]?.type === 'list'));
  listNamesByOperation.set(operation, names);
  return names;
}
