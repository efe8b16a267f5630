import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../ports/logger.js';
import type { ClientAddressOf } from './client-address.js';
import { deferRequestId, newRequestId, setRequestId } from './request-id.js';

/** `delivery`: the handler writes the request id with its prepared headers. */
export type Answerer = 'api' | 'delivery';

/** Gives every answer an `X-Request-Id`, and every API request one access line (`log` says which ones are written). */
export function createObserve(
  logger: Logger,
  { log, clientAddressOf }: { readonly log: 'api' | 'all'; readonly clientAddressOf: ClientAddressOf },
): (req: IncomingMessage, res: ServerResponse, answerer: Answerer) => void {
  return (req, res, answerer) => {
    const requestId = newRequestId();
    if (answerer === 'delivery') deferRequestId(res, requestId);
    else setRequestId(res, requestId);
    if (log !== 'all' && !(req.url ?? '').startsWith('/v1_1/')) return;
    const startedAt = performance.now();
    // Now: a connection that is gone has no address, unless somebody asked for it before.
    const client = clientAddressOf(req);
    res.on('close', () => {
      logger.info('request', {
        requestId,
        method: req.method,
        path: (req.url ?? '').split('?')[0],
        // Node has 200 standing there until somebody says otherwise; a client that went away was told nothing.
        status: res.headersSent ? res.statusCode : null,
        finished: res.writableFinished,
        durationMs: Math.round(performance.now() - startedAt),
        client,
      });
    });
  };
}
