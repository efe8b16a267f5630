import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../ports/logger.js';

/** Unique across restarts and processes; the counter tells requests of one process apart. */
const processPart = randomBytes(8).toString('hex');
let requests = 0;

/** Gives every answer an `X-Request-Id`, and every API request one access line (`log` says which ones are written). */
export function createObserve(
  logger: Logger,
  log: 'api' | 'all',
): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const requestId = processPart + (requests++).toString(16).padStart(16, '0');
    res.setHeader('X-Request-Id', requestId);
    if (log !== 'all' && !(req.url ?? '').startsWith('/v1_1/')) return;
    const startedAt = performance.now();
    res.on('close', () => {
      logger.info('request', {
        requestId,
        method: req.method,
        path: (req.url ?? '').split('?')[0],
        status: res.statusCode,
        finished: res.writableFinished,
        durationMs: Math.round(performance.now() - startedAt),
        client: req.socket.remoteAddress,
      });
    });
  };
}
