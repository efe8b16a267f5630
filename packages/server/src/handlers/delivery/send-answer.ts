import type { IncomingMessage, ServerResponse } from 'node:http';
import { evaluateConditional } from '../../http/conditional.js';
import { deliveryCors } from '../../http/cors.js';
import type { ByteRange } from '../../http/range.js';
import { requestIdHeader } from '../../http/request-id.js';
import type { DeliveryAnswer } from './answer.js';
import { sendContent } from './send-content.js';

/**
 * Answers a GET or HEAD with what the conditions of the request leave of `answer`: 200, 206, 304 or 416. The entity tag is
 * compared before any file is touched. Resolves when the body is handed over; the caller keeps its hold until then.
 */
export function sendAnswer(
  req: IncomingMessage,
  res: ServerResponse,
  answer: DeliveryAnswer,
): Promise<void> | undefined {
  const { etag, modifiedAtMs, content } = answer;
  if (req.headers['if-none-match'] === etag) return finish(res, 304, answer.notModifiedHeaders);
  const method = req.method ?? 'GET';
  const outcome = evaluateConditional(method, req.headers, { etag, modifiedAtMs, bytes: content.bytes });
  switch (outcome.status) {
    case 304:
      return finish(res, 304, answer.notModifiedHeaders);
    case 416:
      return finish(res, 416, unsatisfiable(outcome.contentRange));
    case 206: {
      const { range, contentRange } = outcome;
      const length = ['Content-Length', String(range.end - range.start + 1), 'Content-Range', contentRange];
      return send(res, 206, [...length, ...answer.headers], answer, range);
    }
    case 200:
      if (method === 'HEAD') return finish(res, 200, answer.fullHeaders);
      return send(res, 200, answer.fullHeaders, answer, { start: 0, end: content.bytes - 1 });
    default:
      return outcome satisfies never;
  }
}

function finish(res: ServerResponse, status: number, headers: readonly string[]): undefined {
  res.writeHead(status, [...headers, ...requestIdHeader(res)]);
  res.end();
}

function send(
  res: ServerResponse,
  status: number,
  headers: readonly string[],
  { content }: DeliveryAnswer,
  range: ByteRange,
): Promise<void> | undefined {
  return sendContent(res, content, range, () => res.writeHead(status, [...headers, ...requestIdHeader(res)]));
}

function unsatisfiable(contentRange: string): string[] {
  return [
    'Content-Range',
    contentRange,
    'Content-Length',
    '0',
    'Cache-Control',
    'private, no-cache, max-age=0',
    ...Object.entries(deliveryCors()).flat(),
  ];
}
