import type { IncomingMessage, ServerResponse } from 'node:http';
import { maxDiscardBytes, maxDiscardMs } from './limits.js';
import type { RenderedError } from './render-error.js';

export interface DiscardLimits {
  readonly maxBytes?: number;
  readonly maxMs?: number;
}

/**
 * Answers a request whose body has not been read to its end, and gives the client a fair chance to see the answer: most clients
 * read only after they have written everything, and closing a socket with unread bytes resets it. So the whole answer is sent,
 * some more of the body is thrown away ({@link maxDiscardBytes}, {@link maxDiscardMs}), and only then the connection is closed.
 */
export async function answerEarly(
  req: IncomingMessage,
  res: ServerResponse,
  answer: RenderedError,
  limits: DiscardLimits = {},
): Promise<void> {
  const body = Buffer.from(answer.body);
  const headers = { ...answer.headers, 'Content-Length': String(body.length) };
  if (isRead(req)) {
    res.writeHead(answer.status, headers).end(body);
    return;
  }
  res.writeHead(answer.status, { ...headers, Connection: 'close' });
  if (body.length > 0) res.write(body);
  else res.flushHeaders();
  await discard(req, limits);
  res.end();
}

function isRead(req: IncomingMessage): boolean {
  return req.readableEnded || (req.complete && req.readableLength === 0);
}

/** Resolves at the end of the body, at a limit, or when the client has gone. Never rejects. */
function discard(
  req: IncomingMessage,
  { maxBytes = maxDiscardBytes, maxMs = maxDiscardMs }: DiscardLimits,
): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const stop = () => {
      clearTimeout(timer);
      req.off('data', onData).off('end', stop).off('close', stop).off('error', stop);
      req.pause();
      resolve();
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) stop();
    };
    const timer = setTimeout(stop, maxMs);
    if (req.readableEnded || req.destroyed) return stop();
    req.on('data', onData).on('end', stop).on('close', stop).on('error', stop);
    req.resume();
  });
}
