import type { Endpoint } from '../endpoint.js';
import { fromNodeRequest, type NodeRequest } from './node.js';

/** What the adapter needs of a Koa context. */
export interface KoaContext {
  readonly req: NodeRequest;
  /** `body` is set when a body parser stands in front. */
  readonly request: object;
  status: number;
  body: unknown;
  set(headers: Record<string, string>): void;
}

/** The endpoint as Koa middleware; `authorize` gets the Koa context. */
export function toKoaMiddleware<Native extends KoaContext>(
  sign: Endpoint<Native>,
): (context: Native) => Promise<void> {
  return async (context) => {
    const parsed: unknown = Reflect.get(context.request, 'body');
    const { status, headers, body } = await sign.handle(fromNodeRequest(context.req, parsed), context);
    context.set({ ...headers });
    context.body = body;
    context.status = status;
  };
}
