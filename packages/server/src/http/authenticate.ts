import { ApiError } from '@counterseal/protocol';
import {
  type AuthenticationDeps,
  type AuthenticationRequest,
  type Authenticator,
  rejected,
  type Verdict,
} from './authenticator.js';
import { authenticateBasic } from './authenticators/basic.js';
import { authenticateBearer } from './authenticators/bearer.js';
import { authenticateSignature } from './authenticators/signature.js';
import { authenticateUnsigned } from './authenticators/unsigned.js';

/** In this order: valid Basic decides even when a signature is there as well (rulings, docs/decisions/0002). A token never helps. */
const chain: readonly Authenticator[] = [
  authenticateBasic,
  authenticateSignature,
  authenticateBearer,
  authenticateUnsigned,
];

/** The first authenticator that applies decides. Every failure is counted against key and client by the caller. */
export async function authenticate(
  request: AuthenticationRequest,
  deps: AuthenticationDeps,
): Promise<Verdict> {
  if (!(await deps.accounts.cloudExists(request.cloud))) {
    return rejected(new ApiError('unknown-cloud', { cloud: request.cloud }));
  }
  for (const authenticator of chain) {
    const verdict = await authenticator(request, deps);
    if (verdict.outcome !== 'not-applicable') return verdict;
  }
  return rejected(new ApiError('missing-parameter', { name: 'api_key' }));
}
