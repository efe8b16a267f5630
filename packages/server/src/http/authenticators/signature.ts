import {
  ApiError,
  checkTimestamp,
  findUnsignableParameter,
  formatStaleTime,
  type OperationName,
  operations,
  type ParamTable,
  verifyRequestSignature,
} from '@counterseal/protocol';
import type { ApiKey } from '../../ports/account-store.js';
import { type Authenticator, rejected } from '../authenticator.js';
import { type KnownParameters, signable } from '../parameters.js';
import { refuseSignature } from './signed-operations.js';

/** Stands in for an unknown key, so that it costs what a wrong signature costs (rulings; threat model S13). */
const noSecret = 'no-such-key';

/**
 * `api_key`, `timestamp`, `signature` over the operation's known parameters, under the key's policy: one attempt per allowed
 * version, never another algorithm than the policy names (upload-api reference, sections 2.1 to 2.4; threat model S1-S11).
 */
export const authenticateSignature: Authenticator = async (
  { cloud, operation, parameters },
  { accounts, clock, signatureRefused },
) => {
  const { known } = parameters;
  const signature = known.get('signature');
  if (signature === undefined) return { outcome: 'not-applicable' };
  const apiKey = known.get('api_key');
  const timestamp = known.get('timestamp');
  if (apiKey === undefined) return missing('api_key');
  if (timestamp === undefined) return missing('timestamp');
  if (typeof signature !== 'string' || typeof apiKey !== 'string' || typeof timestamp !== 'string') {
    return rejected(new ApiError('invalid-value', { name: 'signature', value: 'list' }));
  }

  const notTaken = refuseSignature(operation, signature);
  if (notTaken !== null) return rejected(notTaken);
  const key = await accounts.findKey(apiKey);
  const params = signable(known);
  const result = verifyRequestSignature({
    params,
    signature,
    secret: key?.secret ?? noSecret,
    algorithms: key?.policy.algorithms ?? ['sha1', 'sha256'],
    versions: key?.policy.allowV1 === true ? [2, 1] : [2],
  });
  if (key === null || key.disabled || key.cloud !== cloud) {
    return rejected(new ApiError('unknown-api-key', { apiKey }));
  }
  const nowSeconds = Math.floor(clock.now() / 1000);
  const time = checkTimestamp(timestamp, nowSeconds);
  if (time.outcome === 'malformed') {
    return rejected(new ApiError('invalid-value', { name: 'timestamp', value: timestamp }));
  }
  if (result.outcome === 'algorithm-not-allowed') {
    return rejected(new ApiError('algorithm-not-allowed', { signature, allowed: result.allowed.join(', ') }));
  }
  if (result.outcome === 'invalid') {
    signatureRefused?.({ cloud, operation, parameters: known });
    return rejected(new ApiError('invalid-signature', { signature, stringToSign: result.stringToSign }), {
      mayComplete: true,
    });
  }
  const error =
    refuseOutside(time, operation, known, nowSeconds) ??
    refuseAmbiguous(operation, params) ??
    refuseUnknown(key, parameters);
  if (error !== null) return rejected(error);
  return {
    outcome: 'authenticated',
    principal: { kind: 'key', key, via: 'signature', signature, timestampSeconds: time.seconds },
  };
};

/** "1 h from `timestamp`, or until `expires_at` if present" (upload-api reference, section 2.9): only downloads know the latter. */
function refuseOutside(
  time: { outcome: 'ok' | 'stale' | 'future'; seconds: number },
  operation: OperationName,
  known: KnownParameters['known'],
  nowSeconds: number,
): ApiError | null {
  const expiresAt = operation === 'download' ? known.get('expires_at') : undefined;
  if (expiresAt !== undefined && time.outcome !== 'future') {
    const seconds = typeof expiresAt === 'string' && /^\d{1,12}$/.test(expiresAt) ? Number(expiresAt) : 0;
    return nowSeconds <= seconds
      ? null
      : new ApiError('download-expired', { time: formatStaleTime(seconds) });
  }
  if (time.outcome === 'ok') return null;
  const code = time.outcome === 'stale' ? 'stale-request' : 'future-request';
  return new ApiError(code, { time: formatStaleTime(time.seconds) });
}

function missing(name: string) {
  return rejected(new ApiError('missing-parameter', { name }), { mayComplete: true });
}

/**
 * What would make the string to sign ambiguous (threat model S2 to S4, S9). Several texts for a parameter that is no list are signed as
 * one text with commas, which means something else: `eager[]=w_1&eager[]=h_1` are two derivatives, `eager=w_1,h_1` is one.
 */
function refuseAmbiguous(
  operation: OperationName,
  params: Record<string, string | string[]>,
): ApiError | null {
  const found = findUnsignableParameter(params);
  if (found !== null) return new ApiError(found.code, { name: found.name });
  const table: ParamTable = operations[operation].params;
  for (const [name, value] of Object.entries(params)) {
    if (Array.isArray(value) && value.length > 1 && table[name]?.type !== 'list') {
      return new ApiError('repeated-parameter', { name });
    }
  }
  return null;
}

function refuseUnknown(key: ApiKey, { ignored }: KnownParameters): ApiError | null {
  const [name] = ignored;
  return key.policy.strict && name !== undefined ? new ApiError('unknown-parameter', { name }) : null;
}
