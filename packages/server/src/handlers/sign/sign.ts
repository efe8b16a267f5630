import type { IncomingMessage } from 'node:http';
import {
  corsHeaders,
  createLoginSigner,
  createSigner,
  type Endpoint,
  exactOrigins,
  type SignerCredentials,
} from '@counterseal/signer';
import { fromNodeRequest, sendNode } from '@counterseal/signer/node';
import type { ClientAddressOf } from '../../http/client-address.js';
import type { FailureLimiter } from '../../http/failure-limiter.js';
import type { Exchange } from '../../http/serve-operation.js';
import type { AccountStore, ApiKey } from '../../ports/account-store.js';
import { ClaimError, type Claims, fillText } from '../../sign-policy/claims.js';
import type { SignPolicy } from '../../sign-policy/load.js';
import { policyFor } from '../../sign-policy/policy-for.js';
import { type AuthorizeDeps, createAuthorize } from './authorize.js';

export interface SignDeps extends AuthorizeDeps {
  readonly accounts: AccountStore;
  readonly failures: FailureLimiter;
  readonly clientAddressOf: ClientAddressOf;
  readonly publicUrl: () => string;
}

type Serve = (exchange: Exchange) => Promise<void>;
type Make = (credentials: SignerCredentials, algorithm: 'sha1' | 'sha256') => Endpoint<IncomingMessage>;

/** `/sign` and, where the file says so, `/sign/media-library`: the signer with a key of this server, under a policy file. */
export function createSign(policy: SignPolicy, deps: SignDeps): { sign: Serve; mediaLibrary: Serve | null } {
  const { file } = policy;
  const authorize = createAuthorize(policy, deps);
  const common = {
    authorize: (request: Parameters<typeof authorize>[0]) => authorize(request),
    origins: file.origins ?? [],
    clock: () => deps.clock.now(),
    onError: (error: unknown) => deps.logger.error('the signing endpoint failed', { error }),
  };
  const sign = serve(policy, deps, (credentials, algorithm) =>
    createSigner<Claims, IncomingMessage>({
      ...common,
      credentials,
      algorithm,
      policy: (claims) => policyFor(file.policy, claims),
    }),
  );
  const { mediaLibrary } = file;
  if (mediaLibrary === undefined) return { sign, mediaLibrary: null };
  return {
    sign,
    mediaLibrary: serve(policy, deps, (credentials) =>
      createLoginSigner<Claims, IncomingMessage>({
        ...common,
        credentials,
        username: (claims) => usernameFor(mediaLibrary.username, claims),
      }),
    ),
  };
}

function usernameFor(template: string, claims: Claims): string | null {
  try {
    return fillText(template, claims, 'list');
  } catch (error) {
    if (error instanceof ClaimError) return null;
    throw error;
  }
}

/** Counts refused callers like every other failed authentication; one endpoint is made per signing key. */
function serve(policy: SignPolicy, deps: SignDeps, make: Make): Serve {
  const origins = exactOrigins(policy.file.origins ?? []);
  const endpoints = new Map<string, Endpoint<IncomingMessage>>();
  const endpointOf = (key: ApiKey): Endpoint<IncomingMessage> => {
    const uploadPrefix = deps.publicUrl();
    const algorithm = key.policy.algorithms.includes('sha256') ? 'sha256' : 'sha1';
    const name = JSON.stringify([key.apiKey, uploadPrefix, algorithm]);
    const made = endpoints.get(name);
    if (made !== undefined) return made;
    const { cloud: cloudName, apiKey, secret: apiSecret } = key;
    const endpoint = make({ cloudName, apiKey, apiSecret, uploadPrefix }, algorithm);
    endpoints.set(name, endpoint);
    return endpoint;
  };
  return async ({ req, res }) => {
    const incoming = fromNodeRequest(req);
    const client = { apiKey: null, address: deps.clientAddressOf(req) };
    const wait = deps.failures.tooMany(client);
    // A preflight is no attempt, and without its answer the page of a listed origin would not see that it has to wait.
    if (wait > 0 && incoming.method !== 'OPTIONS') {
      const message = `Too many failed attempts. Retry in ${wait} seconds`;
      const headers = { ...corsHeaders(incoming, origins), 'Retry-After': String(wait) };
      return sendNode(res, problem(429, 'rate-limited', message, headers));
    }
    const key = await signingKey(policy, deps);
    if (key === null) {
      deps.logger.error('no enabled API key to sign with', { cloud: policy.file.cloud ?? null });
      const headers = corsHeaders(incoming, origins);
      return sendNode(res, problem(500, 'internal', 'The signing endpoint has no key', headers));
    }
    const answer = await endpointOf(key).handle(incoming, req);
    if (answer.status === 401) deps.failures.recordFailure(client);
    sendNode(res, answer);
  };
}

function problem(status: number, code: string, message: string, headers: Readonly<Record<string, string>>) {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({ error: { message, code } }),
  };
}

/** The key the file names, or the oldest enabled one of its cloud. Asked every time: a disabled key stops signing at once. */
async function signingKey({ file }: SignPolicy, { accounts }: SignDeps): Promise<ApiKey | null> {
  const apiKey = file.apiKey ?? (await oldestKey(file.cloud, accounts));
  const key = apiKey === null ? null : await accounts.findKey(apiKey);
  return key === null || key.disabled || (file.cloud !== undefined && key.cloud !== file.cloud) ? null : key;
}

async function oldestKey(cloud: string | undefined, accounts: AccountStore): Promise<string | null> {
  const [only, ...others] = cloud === undefined ? await accounts.listClouds() : [cloud];
  if (only === undefined || others.length > 0) return null;
  return (await accounts.listKeys(only)).find(({ disabled }) => !disabled)?.apiKey ?? null;
}
