import { ApiError } from '@counterseal/protocol';
import { explainRefused, type KnownSecret, readRefused } from '@counterseal/signer';
import { stallTimeoutMs } from '../http/limits.js';
import { collectBytes, readChunks } from '../http/read-chunks.js';
import { answering, type EdgeDeps, type Exchange } from '../http/serve-operation.js';
import type { ApiKey } from '../ports/account-store.js';
import type { Clock } from '../ports/clock.js';
import { type ConsoleAccess, isFromElsewhere, requireOwnHost } from './console-access.js';
import { type ExplainResult, startPage } from './console-pages.js';

/** `GET /health`: 200 when ready. */
export async function health({ res }: Exchange): Promise<void> {
  const body = JSON.stringify({ status: 'ok' });
  res.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  res.end(body);
}

export interface ConsoleDeps extends Pick<EdgeDeps, 'reportError'> {
  readonly publicUrl: () => string;
  readonly access: ConsoleAccess;
  readonly clock: Clock;
  /** Of every key a request may have been signed with. */
  readonly knownSecrets: () => Promise<readonly KnownSecret[]>;
  /** The key that signs the page's uploads; null when every key is disabled. */
  readonly consoleKey: () => Promise<Pick<ApiKey, 'cloud'> | null>;
}

const maxFormBytes = 1024 * 1024;

/**
 * `GET /` says that the server runs and how to make the first upload: no secrets, no scripts. Whoever opened the printed address
 * also gets the upload widget (signed by `POST /console/sign`) and the form that explains refused signatures (`POST /console`).
 */
export function createConsole(deps: ConsoleDeps): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const { req, res } = exchange;
    await answering(exchange, deps, async () => {
      requireOwnHost(req, deps.publicUrl());
      const token = new URL(req.url ?? '/', 'http://localhost').searchParams.get('token');
      if (req.method === 'GET' && token !== null) {
        const cookie = deps.access.open(token, req);
        res.writeHead(303, {
          Location: '/',
          'Cache-Control': 'no-store',
          'Referrer-Policy': 'no-referrer',
          ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
        });
        res.end();
        return 'sent';
      }
      const isOpen = deps.access.isOpen(req);
      if (req.method === 'POST' && (!isOpen || isFromElsewhere(req)))
        throw new ApiError('invalid-credentials');
      const result = req.method === 'POST' ? await explain(exchange, deps) : null;
      const cloud = isOpen ? ((await deps.consoleKey())?.cloud ?? null) : null;
      const page = startPage(deps.publicUrl(), isOpen ? { cloud, result } : null);
      sendPage(exchange, page, isOpen ? toolsPolicy(deps.publicUrl()) : strangersPolicy);
      return 'sent';
    });
  };
}

async function explain({ req, signal }: Exchange, deps: ConsoleDeps): Promise<ExplainResult> {
  const body = await collectBytes(readChunks(req, { signal, stallTimeoutMs }), {
    name: 'request',
    maxBytes: maxFormBytes,
  });
  const text = new URLSearchParams(body.toString('utf8')).get('request') ?? '';
  try {
    const knownSecrets = await deps.knownSecrets();
    const nowSeconds = Math.floor(deps.clock.now() / 1000);
    return { text, findings: explainRefused(readRefused(text), { knownSecrets, nowSeconds }) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { text, problem: error.message };
  }
}

const strangersPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Scripts of this server alone, nothing inline; pictures also from the public address, which answers name. */
function toolsPolicy(publicUrl: string): string {
  return [
    strangersPolicy.replace("img-src 'self'", `img-src 'self' blob: ${new URL(publicUrl).origin}`),
    "script-src 'self'; connect-src 'self'",
    "require-trusted-types-for 'script'; trusted-types 'none'",
  ].join('; ');
}

function sendPage({ res }: Exchange, page: string, policy: string): void {
  res.removeHeader('Access-Control-Allow-Origin');
  res.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
  res.end(page);
}
