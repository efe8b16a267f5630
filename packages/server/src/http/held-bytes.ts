import { ApiError } from '@counterseal/protocol';
import { freeHeldBytes, maxHeldBytes } from './limits.js';
import { busyRetrySeconds } from './to-api-error.js';

/** By all requests that are being read. */
let heldBytes = 0;

/** What one request keeps in memory while it is read. */
export interface Holding {
  /**
   * So many bytes more.
   * @throws ApiError `busy`
   */
  add(bytes: number): void;
  /** Once, when the request is read. */
  giveBack(): void;
}

/**
 * Parameters are kept in memory before anybody is authenticated, so that all requests share one budget for them. The first bytes of each
 * come on top: who lets large ones drip stops no call of the usual size.
 */
export function createHolding(): Holding {
  let totalBytes = 0;
  let borrowed = 0;
  return {
    add(bytes) {
      totalBytes += bytes;
      const more = Math.max(0, totalBytes - freeHeldBytes) - borrowed;
      if (heldBytes + more > maxHeldBytes) {
        throw new ApiError('busy', { seconds: busyRetrySeconds }, { retryAfterSeconds: busyRetrySeconds });
      }
      borrowed += more;
      heldBytes += more;
    },
    giveBack() {
      heldBytes -= borrowed;
      borrowed = 0;
    },
  };
}
