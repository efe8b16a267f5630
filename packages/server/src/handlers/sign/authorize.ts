import { createHash, timingSafeEqual } from 'node:crypto';
import { type SignRequest, sharedTokenHeader } from '@counterseal/signer';
import { errors, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import type { RemoteFetcher } from '../../ports/remote-fetcher.js';
import type { Claims } from '../../sign-policy/claims.js';
import type { SignPolicy } from '../../sign-policy/load.js';
import type { JwtAuthorization } from '../../sign-policy/schema.js';
import { createJwks } from './jwks.js';

export interface AuthorizeDeps {
  readonly fetcher: RemoteFetcher;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who is asking: the claims of a valid JWT, or those of the shared token; null for everybody else. */
export type Authorize = (request: SignRequest) => Promise<Claims | null>;

/** Authorisation as a policy file describes it. A token that is there and wrong is not made up for by another kind. */
export function createAuthorize(policy: SignPolicy, deps: AuthorizeDeps): Authorize {
  const { jwt, token } = policy.file.authorize;
  const byJwt = jwt === undefined ? null : createByJwt(jwt, policy.jwtSecret, deps);
  return async ({ headers }) => {
    const bearer = /^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (bearer !== undefined) return byJwt === null ? null : byJwt(bearer);
    const shared = headers.get(sharedTokenHeader);
    if (shared === null || policy.tokenSecret === null) return null;
    return isSame(shared, policy.tokenSecret) ? (token?.claims ?? {}) : null;
  };
}

function createByJwt(
  jwt: JwtAuthorization,
  secret: string | null,
  deps: AuthorizeDeps,
): (bearer: string) => Promise<Claims | null> {
  const keys: JWTVerifyGetKey | Uint8Array =
    'jwksUrl' in jwt ? createJwks(jwt.jwksUrl, deps) : new TextEncoder().encode(secret ?? '');
  const checks = (): JWTVerifyOptions => ({
    algorithms: [...jwt.algorithms],
    currentDate: new Date(deps.clock.now()),
    clockTolerance: jwt.clockToleranceSeconds ?? 0,
    requiredClaims: ['exp'],
    ...(jwt.issuer === undefined ? {} : { issuer: jwt.issuer }),
    ...(jwt.audience === undefined ? {} : { audience: jwt.audience }),
  });
  return async (bearer) => {
    try {
      const { payload } =
        keys instanceof Uint8Array
          ? await jwtVerify(bearer, keys, checks())
          : await jwtVerify(bearer, keys, checks());
      return payload;
    } catch (error) {
      // A token that does not verify is an answer; anything else (keys that cannot be fetched) is a fault to be seen.
      const code = error instanceof errors.JOSEError ? error.code : null;
      if (code === null) deps.logger.warn('cannot check sign tokens', { error });
      else deps.logger.debug('sign token refused', { code });
      return null;
    }
  };
}

/** In constant time: both sides hashed to one length first (threat model S13). */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
