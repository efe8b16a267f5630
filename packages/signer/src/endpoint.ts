import { type Failure, failed } from './http/answers.js';
import {
  BodyError,
  fromWebRequest,
  type Incoming,
  type Outgoing,
  type SignRequest,
  toWebResponse,
} from './http/exchange.js';
import { corsHeaders, crossSiteReason, exactOrigins, preflightHeaders } from './http/origin.js';

export interface EndpointOptions<User, Context = unknown> {
  /**
   * Who is asking: the user, or null for nobody (401). `request` is the web `Request` itself where there is one; `context` is what
   * the framework hands over: the native request in the Node adapters, or whatever the second argument of the endpoint was.
   */
  authorize(
    request: SignRequest,
    context: Context,
  ): Promise<User | null | undefined> | User | null | undefined;
  /** Origins of pages that may ask from elsewhere, exactly as browsers send them. Only pages of our own origin when absent. */
  readonly origins?: readonly string[];
  /**
   * Seconds the user must wait, or null. Called for every authorised request. The address of a client is in no `request`; it is for
   * the framework to know, and `context` has it there: behind a proxy, what a socket says is the proxy.
   */
  readonly rateLimit?: (
    user: User,
    request: SignRequest,
    context: Context,
  ) => number | null | Promise<number | null>;
  /** Milliseconds since the Unix epoch. */
  readonly clock?: () => number;
  /** Told of errors in `authorize`, `policy` and `rateLimit`, which are answered with 500 and no detail. */
  readonly onError?: (error: unknown) => void;
}

/** A request handler for any runtime; `handle` is the same for servers that have no web `Request`. */
export interface Endpoint<Context = unknown> {
  (request: Request, context?: Context): Promise<Response>;
  readonly handle: (incoming: Incoming, context: Context) => Promise<Outgoing>;
}

type Answer<User> = (
  incoming: Incoming,
  user: User,
  headers: Readonly<Record<string, string>>,
) => Promise<Outgoing>;

/** Everything around an answer: methods, cross-site use, who is asking, how often, and errors. */
export function endpoint<User, Context>(
  options: EndpointOptions<User, Context>,
  answer: Answer<User>,
): Endpoint<Context> {
  const { rateLimit, onError } = options;
  if (typeof options.authorize !== 'function') {
    throw new TypeError('authorize is required: whoever may call this endpoint may sign uploads');
  }
  const origins = exactOrigins(options.origins ?? []);

  const handle = async (incoming: Incoming, context: Context): Promise<Outgoing> => {
    const headers = corsHeaders(incoming, origins);
    const refusal = refuseEarly(incoming, origins);
    if (incoming.method === 'OPTIONS') return preflight(headers);
    if (refusal !== null) return failed(refusal, headers);
    try {
      const user = await options.authorize(incoming.request ?? incoming, context);
      if (user === null || user === undefined || user === false) return failed(unauthorised, headers);
      const seconds = (await rateLimit?.(user, incoming, context)) ?? null;
      if (seconds !== null && seconds > 0) return failed(tooMany(seconds), headers);
      return await answer(incoming, user, headers);
    } catch (error) {
      if (error instanceof BodyError) return failed(error, headers);
      onError?.(error);
      return failed(broken, headers);
    }
  };
  const serve = async (request: Request, context?: Context) =>
    toWebResponse(await handle(fromWebRequest(request), context as Context));
  return Object.assign(serve, { handle });
}

const unauthorised: Failure = {
  status: 401,
  code: 'unauthorised',
  message: 'Nobody is signed in: the application did not authorise this request',
};
const broken: Failure = { status: 500, code: 'internal', message: 'The signing endpoint failed' };

function tooMany(seconds: number): Failure {
  const wait = String(Math.max(1, Math.ceil(seconds)));
  return {
    status: 429,
    code: 'rate-limited',
    message: `Too many signatures. Retry in ${wait} seconds`,
    headers: { 'Retry-After': wait },
  };
}

function refuseEarly(incoming: Incoming, origins: ReadonlySet<string>): Failure | null {
  if (incoming.method !== 'GET' && incoming.method !== 'POST') {
    const message = `${incoming.method} is not allowed here`;
    return { status: 405, code: 'method-not-allowed', message, headers: { Allow: 'GET, POST, OPTIONS' } };
  }
  const reason = crossSiteReason(incoming, origins);
  if (reason === null) return null;
  const message = `Cross-site request refused: ${reason}; add its origin to the list, or send an Authorization header`;
  return { status: 403, code: 'cross-site', message };
}

/** Without the allow headers for an origin that is not on the list: the browser then refuses for us. */
function preflight(headers: Readonly<Record<string, string>>): Outgoing {
  const isAllowed = headers['Access-Control-Allow-Origin'] !== undefined;
  return { status: 204, headers: isAllowed ? { ...headers, ...preflightHeaders } : headers, body: '' };
}
