import type { ApiError, OperationName } from '@counterseal/protocol';
import type { AccountStore, ApiKey, UploadPreset } from '../ports/account-store.js';
import type { Clock } from '../ports/clock.js';
import type { KnownParameters } from './parameters.js';

/** Who a request comes from. */
export type Principal =
  | {
      readonly kind: 'key';
      readonly key: ApiKey;
      readonly via: 'basic';
    }
  | {
      readonly kind: 'key';
      readonly key: ApiKey;
      readonly via: 'signature';
      readonly signature: string;
      readonly timestampSeconds: number;
    }
  /** `client`: equal for equal networks; there is nothing else to tell one from another by. */
  | { readonly kind: 'unsigned'; readonly preset: UploadPreset; readonly client: string };

export interface AuthenticationRequest {
  readonly cloud: string;
  readonly operation: OperationName;
  readonly parameters: KnownParameters;
  /** The `Authorization` header; null when absent. */
  readonly authorization: string | null;
  readonly clientAddress: string;
}

/** `rejected` stops the chain. `mayComplete`: parameters that follow later in the body could still make it match. */
export type Verdict =
  | { readonly outcome: 'authenticated'; readonly principal: Principal }
  | { readonly outcome: 'not-applicable' }
  | { readonly outcome: 'rejected'; readonly error: ApiError; readonly mayComplete: boolean };

export interface AuthenticationDeps {
  readonly accounts: AccountStore;
  readonly clock: Clock;
  /** Told of signatures that do not fit, for the log. */
  readonly signatureRefused?: (refused: {
    readonly cloud: string;
    readonly operation: OperationName;
    readonly parameters: KnownParameters['known'];
  }) => void;
}

export type Authenticator = (request: AuthenticationRequest, deps: AuthenticationDeps) => Promise<Verdict>;

export function rejected(error: ApiError, options: { mayComplete?: boolean } = {}): Verdict {
  return { outcome: 'rejected', error, mayComplete: options.mayComplete ?? false };
}
