import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  ApiError,
  type OperationName,
  unsupportedActions,
  unsupportedAdminSegments,
} from '@counterseal/protocol';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { widgetScripts } from './handlers/widgets.js';
import type { Handler } from './http/call.js';
import { type Connections, watchConnections } from './http/connections.js';
import { uploadPreflight } from './http/cors.js';
import { connectionLimits } from './http/limits.js';
import type { Answerer } from './http/observe.js';
import { originForm } from './http/request-target.js';
import { answering, type EdgeDeps, type Exchange, serveOperation } from './http/serve-operation.js';

/** Everything {@link createApp} puts behind an address. Built in compose/app-parts.ts. */
export interface AppParts {
  readonly edge: EdgeDeps;
  readonly upload: (exchange: Exchange) => Promise<void>;
  readonly handlers: Readonly<Record<Exclude<OperationName, 'upload' | 'download'>, Handler>>;
  readonly download: (exchange: Exchange) => Promise<void>;
  /** The start page and the health check. */
  readonly console: (exchange: Exchange) => Promise<void>;
  readonly consoleSign: (exchange: Exchange) => Promise<void>;
  readonly consoleFile: (exchange: Exchange) => Promise<void>;
  readonly health: (exchange: Exchange) => Promise<void>;
  /** Scripts of the widgets, by their fixed file or by what follows /widgets. */
  readonly widgets: (fixed?: string) => (exchange: Exchange) => Promise<void>;
  /** The signing endpoint; null without a policy file. */
  readonly sign: { readonly sign: Serve; readonly mediaLibrary: Serve | null } | null;
  /** Everything that is not below one of our own first segments. */
  readonly delivery: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  /** Called once per request, before anything else: request id, access line. */
  readonly observe: (req: IncomingMessage, res: ServerResponse, answerer: Answerer) => void;
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
type Route = readonly [Method | readonly Method[], string, (exchange: Exchange) => Promise<void>];

/** Every address of the server. `*` is a public id, slashes included. */
function routesOf(parts: AppParts): Route[] {
  const op = (name: keyof AppParts['handlers'], access: 'key' | 'open' = 'key') =>
    serveOperation(name, parts.handlers[name], parts.edge, access);
  const api = '/v1_1/:cloud';
  return [
    ['GET', '/', parts.console],
    ['POST', '/console', parts.console],
    [['GET', 'HEAD'], '/health', parts.health],
    ...Object.entries(widgetScripts).map(([url, file]): Route => ['GET', url, parts.widgets(file)]),
    ['GET', '/widgets/*', parts.widgets()],
    ['POST', '/console/sign', parts.consoleSign],
    ['GET', '/console/*', parts.consoleFile],
    ...signRoutes(parts.sign),

    // Upload API
    ['POST', `${api}/upload`, parts.upload],
    ['POST', `${api}/:resource_type/upload`, parts.upload],
    ['POST', `${api}/:resource_type/upload_chunked`, parts.upload],
    ['POST', `${api}/:resource_type/destroy`, op('destroy')],
    ['POST', `${api}/asset/destroy`, op('asset-destroy')],
    ['POST', `${api}/delete_by_token`, op('delete-by-token', 'open')],
    ['GET', `${api}/:resource_type/download`, parts.download],
    ...unsupportedActions.map(
      (name): Route => [['GET', 'POST'], `${api}/:resource_type/${name}`, refuse(name, parts)],
    ),

    // Admin API
    ['GET', `${api}/ping`, op('ping')],
    ['GET', `${api}/config`, op('config')],
    ['GET', `${api}/resources`, op('list-resource-types')],
    [
      'GET',
      `${api}/resources/:resource_type`,
      byResourceType(op('list-resources'), op('show-resource-by-asset-id')),
    ],
    ['GET', `${api}/resources/:resource_type/:type`, op('list-resources')],
    ['GET', `${api}/resources/:resource_type/tags/:tag`, op('list-resources-by-tag')],
    ['GET', `${api}/resources/:resource_type/:type/*`, op('show-resource')],
    ['DELETE', `${api}/resources/:resource_type/:type`, op('delete-resources')],
    [
      'GET',
      `${api}/transformations`,
      byTransformation(op('show-transformation'), op('list-transformations')),
    ],
    ['POST', `${api}/transformations`, op('create-transformation')],
    ['PUT', `${api}/transformations`, op('update-transformation')],
    ['DELETE', `${api}/transformations`, op('delete-transformation')],
    ['GET', `${api}/transformations/*`, op('show-transformation')],
    ['POST', `${api}/transformations/*`, op('create-transformation')],
    ['PUT', `${api}/transformations/*`, op('update-transformation')],
    ['DELETE', `${api}/transformations/*`, op('delete-transformation')],
    ['GET', `${api}/upload_presets`, op('list-presets')],
    ['POST', `${api}/upload_presets`, op('create-preset')],
    ['GET', `${api}/upload_presets/:name`, op('show-preset')],
    ['PUT', `${api}/upload_presets/:name`, op('update-preset')],
    ['DELETE', `${api}/upload_presets/:name`, op('delete-preset')],
  ];
}

/** First path segments that are ours; all others belong to delivery (they are not legal cloud names). */
const ownSegments: ReadonlySet<string> = new Set([
  '',
  'health',
  'console',
  'sign',
  'v1_1',
  'v2',
  'favicon.ico',
  'widgets',
  'global',
  'latest',
  'v2.0',
]);

/** No route has a schema; without these its compilers would be loaded at each start. */
const withoutSchemas = {
  compilersFactory: { buildValidator: () => noSchema, buildSerializer: () => noSchema },
};

function noSchema(): never {
  throw new Error('routes have no schemas here');
}

/**
 * The HTTP server: delivery is answered by a plain handler in front, everything else goes through Fastify, which brings the router
 * and an orderly close. Bodies are read by us (http/read-request.ts), never by Fastify.
 */
export function createApp(parts: AppParts): FastifyInstance {
  const notFound = (request: FastifyRequest, reply: FastifyReply) =>
    handOver(request, reply, (exchange) =>
      answering(exchange, parts.edge, () => Promise.reject(noRoute(request.method, request.url))),
    );
  let connections: Connections | null = null;
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    schemaController: withoutSchemas,
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true },
    rewriteUrl: (req) => unescapeSlashes(req.url ?? '/'),
    // An address that is not valid percent-encoding is one that does not exist, in our own words.
    frameworkErrors: (_error, request, reply) => notFound(request, reply),
    serverFactory: (toFastify) => {
      const server = createServer(connectionLimits, (req, res) => {
        connections?.begin(req, res);
        req.url = originForm(req.url ?? '/');
        const isOurs = ownSegments.has(firstSegment(req.url));
        parts.observe(req, res, isOurs ? 'api' : 'delivery');
        if (isOurs) toFastify(req, res);
        else void parts.delivery(req, res);
      });
      connections = watchConnections(server);
      return server;
    },
  });
  app.addHook('preClose', async () => connections?.close());
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const [method, url, serve] of routesOf(parts)) {
    app.route({ method: [method].flat(), url, handler: (request, reply) => handOver(request, reply, serve) });
  }
  app.options('/v1_1/*', (_request, reply) => reply.code(200).headers(uploadPreflight()).send());
  app.setNotFoundHandler(notFound);
  // Before a handler is called, only the Content-Type can displease the framework.
  app.setErrorHandler((error, request, reply) =>
    handOver(request, reply, (exchange) =>
      answering(exchange, parts.edge, () =>
        Promise.reject(isMediaTypeError(error) ? contentTypeError(request) : error),
      ),
    ),
  );
  return app;
}

function isMediaTypeError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
}

function contentTypeError({ headers }: FastifyRequest): ApiError {
  return new ApiError('unsupported-content-type', { type: headers['content-type'] ?? '' });
}

/** A call the reference knows and we do not is refused by name; anything else is simply not there. */
function noRoute(method: string, url: string): ApiError {
  const segment = /^\/v1_1\/[^/?]+\/([^/?]+)/.exec(url)?.[1] ?? '';
  const known = unsupportedAdminSegments.some((name) => name === segment);
  return known
    ? new ApiError('unsupported-operation', { name: `${method} ${segment}` })
    : new ApiError('no-route');
}

async function handOver(
  request: FastifyRequest,
  reply: FastifyReply,
  serve: (exchange: Exchange) => Promise<void>,
): Promise<void> {
  reply.hijack();
  const { raw: req } = request;
  const { raw: res } = reply;
  const gone = new AbortController();
  res.on('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  const { '*': rest, ...params } = (request.params ?? {}) as Record<string, string>;
  const path = rest === undefined ? params : { ...params, public_id: rest, name: rest };
  await serve({ req, res, path, signal: gone.signal });
}

/** Some clients encode whole path arguments: `resources%2Fsearch`, `folder%2Fid` (upload-api reference, section 7.3). */
function unescapeSlashes(url: string): string {
  if (!url.startsWith('/v1_1/')) return url;
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return path.replace(/%2f/gi, '/') + (query === -1 ? '' : url.slice(query));
}

function firstSegment(url: string): string {
  const end = url.slice(1).search(/[/?]/);
  return end === -1 ? url.slice(1) : url.slice(1, end + 1);
}

type Serve = (exchange: Exchange) => Promise<void>;

/** `GET /resources/X`: a resource type lists, anything else is an asset id. */
function byResourceType(list: Serve, show: Serve): Serve {
  return (exchange) => {
    const { resource_type: text = '' } = exchange.path;
    if (['image', 'video', 'raw'].includes(text)) return list(exchange);
    return show({ ...exchange, path: { ...exchange.path, asset_id: text } });
  };
}

/** `GET /transformations?transformation=X` shows one. */
function byTransformation(show: Serve, list: Serve): Serve {
  return (exchange) =>
    /[?&]transformation=[^&]/.test(exchange.req.url ?? '') ? show(exchange) : list(exchange);
}

/** The signer answers every method itself; its preflight names exact origins. */
function signRoutes(sign: AppParts['sign']): Route[] {
  if (sign === null) return [];
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const;
  const login: Route[] =
    sign.mediaLibrary === null ? [] : [[methods, '/sign/media-library', sign.mediaLibrary]];
  return [[methods, '/sign', sign.sign], ...login];
}

function refuse(name: string, parts: AppParts): Serve {
  return (exchange) =>
    answering(exchange, parts.edge, () => Promise.reject(new ApiError('unsupported-operation', { name })));
}
