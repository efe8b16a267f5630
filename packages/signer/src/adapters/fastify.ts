import type { Endpoint } from '../endpoint.js';
import { fromNodeRequest, type NodeRequest } from './node.js';

/** What the adapter needs of a Fastify request, reply and instance. */
export interface FastifyRequestLike {
  readonly raw: NodeRequest;
  readonly body: unknown;
}
interface FastifyReplyLike {
  code(status: number): this;
  headers(values: Record<string, string>): this;
  send(body: string): unknown;
}
interface FastifyLike<Native> {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    parser: (request: Native, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  route(route: {
    method: string[];
    url: string;
    handler: (request: Native, reply: FastifyReplyLike) => Promise<unknown>;
  }): unknown;
}

/**
 * The endpoint as a Fastify plugin: `fastify.register(toFastifyPlugin(sign), { prefix: '/sign' })`. Inside it bodies are read by
 * the signer, whatever their content type; `authorize` gets the Fastify request.
 */
export function toFastifyPlugin<Native extends FastifyRequestLike>(
  sign: Endpoint<Native>,
): (instance: FastifyLike<Native>, options: object, done: () => void) => void {
  return (instance, _options, done) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    instance.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url: '/',
      handler: async (request, reply) => {
        const { status, headers, body } = await sign.handle(fromNodeRequest(request.raw), request);
        return reply
          .code(status)
          .headers({ ...headers })
          .send(body);
      },
    });
    done();
  };
}
