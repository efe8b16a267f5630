import type { Endpoint } from '../endpoint.js';
import { fromNodeRequest, type NodeRequest, type NodeResponse, sendNode } from './node.js';

/** What the adapter needs of an Express request. */
export interface ExpressRequest extends NodeRequest {
  /** The whole path, also below a router. */
  readonly originalUrl?: string;
  /** Set when a body parser such as `express.json()` stands in front. */
  readonly body?: unknown;
}

/** The endpoint as an Express handler, before or behind a body parser; `authorize` gets the Express request. */
export function toExpressHandler<Native extends ExpressRequest>(
  sign: Endpoint<Native>,
): (request: Native, response: NodeResponse, next: (error: unknown) => void) => void {
  return (request, response, next) => {
    const { method, headers, originalUrl: url = request.url } = request;
    const view = { method, headers, url, [Symbol.asyncIterator]: () => request[Symbol.asyncIterator]() };
    sign
      .handle(fromNodeRequest(view, request.body), request)
      .then((answer) => sendNode(response, answer), next);
  };
}
