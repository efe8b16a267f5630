import { apiSignRequest, type SignatureAlgorithm } from '@counterseal/protocol';
import { readCredentials, type SignerCredentials } from './credentials.js';
import { type Endpoint, type EndpointOptions, endpoint } from './endpoint.js';
import { forbidden, ok } from './http/answers.js';
import { readAskedFor } from './http/read-params.js';
import type { Policy } from './policy/policy.js';

export interface SignerOptions<User, Context = unknown> extends EndpointOptions<User, Context> {
  /** An object, or the value of `CLOUDINARY_URL`. */
  readonly credentials: SignerCredentials | string | undefined;
  /** What may be signed: for everybody, or for one user. */
  readonly policy: Policy | ((user: User) => Policy | Promise<Policy>);
  /** SHA-256 unless said otherwise (threat model S9). */
  readonly algorithm?: SignatureAlgorithm;
  /** Last segment but one of the ready form's address. */
  readonly resourceType?: 'auto' | 'image' | 'video' | 'raw';
}

/**
 * The signing endpoint: who is asking (`authorize`), what may be signed (`policy`), and nothing else. One function from `Request`
 * to `Response` for any runtime; `@counterseal/signer/node`, `/express`, `/fastify` and `/koa` put it behind those servers.
 *
 * `POST {"paramsToSign": {...}}` answers `{signature, timestamp, api_key, cloud_name}`, with `"amend": true` also `params`; a request
 * without parameters answers a ready form `{url, fields, signature}`. Refusals are JSON that names parameter and rule.
 * @throws TypeError at once when options are missing; there is no anonymous default
 */
export function createSigner<User, Context = unknown>(
  options: SignerOptions<User, Context>,
): Endpoint<Context> {
  const { cloudName, apiKey, apiSecret, uploadPrefix } = readCredentials(options.credentials);
  const { policy, algorithm = 'sha256', resourceType = 'auto', clock = Date.now } = options;
  if (policy === undefined)
    throw new TypeError('createSigner needs a policy: uploadPolicy() is the one to start from');
  const url = `${uploadPrefix}/v1_1/${cloudName}/${resourceType}/upload`;

  return endpoint(options, async (incoming, user, headers) => {
    const asked = await readAskedFor(incoming);
    const chosen = typeof policy === 'function' ? await policy(user) : policy;
    const verdict = chosen.evaluate(asked.params ?? {}, {
      nowSeconds: Math.floor(clock() / 1000),
      amend: asked.amend,
    });
    if (verdict.outcome === 'refuse') return forbidden(verdict.refusal, headers);
    const { params } = verdict;
    const signature = apiSignRequest(params, apiSecret, algorithm);
    if (asked.params === null) {
      return ok({ url, fields: { ...params, api_key: apiKey, signature }, signature }, headers);
    }
    const timestamp = Number(params.timestamp);
    const answer = { signature, timestamp, api_key: apiKey, cloud_name: cloudName };
    return ok(asked.amend ? { ...answer, params } : answer, headers);
  });
}
