import { LRUCache } from 'lru-cache';
import type { Clock } from '../ports/clock.js';
import { networkOf } from './client-network.js';

/** Who failed: the API key as claimed, if any, and the address of the client. */
export interface FailedClient {
  readonly apiKey: string | null;
  readonly address: string;
}

export interface FailureLimits {
  readonly windowSeconds: number;
  /** Failures within the window after which an address must wait. */
  readonly maxPerAddress: number;
  /** The same for a key. Higher: API keys are public, and a stranger's failures should be slow to lock its owner out. */
  readonly maxPerKey: number;
  /** Addresses and keys remembered; the least recently failing is forgotten first. */
  readonly maxEntries: number;
}

/**
 * Against guessing, these are plenty: the weakest thing to guess is a delivery signature of 48 bits. Low limits would only hit
 * people who share an address, and test suites that try wrong signatures on purpose.
 */
export const defaultFailureLimits: FailureLimits = {
  windowSeconds: 60,
  maxPerAddress: 2_000,
  maxPerKey: 10_000,
  maxEntries: 10_000,
};

export interface FailureLimiter {
  recordFailure(client: FailedClient): void;
  /** Whole seconds until the next attempt is welcome; 0 when it is now. Ask before doing any work. */
  tooMany(client: FailedClient): number;
}

/**
 * Counts failed authentications in memory, exactly, over a sliding window (threat model S14, T40). Bounded: per entry the last
 * few times, and a fixed number of entries.
 */
export function createFailureLimiter(
  clock: Clock,
  limits: FailureLimits = defaultFailureLimits,
): FailureLimiter {
  const windowMs = limits.windowSeconds * 1000;
  const failures = new LRUCache<string, number[]>({ max: limits.maxEntries });

  const waitMs = ({ entry, max }: Counter): number => {
    const times = failures.get(entry) ?? [];
    const oldest = times[times.length - max];
    return oldest === undefined ? 0 : oldest + windowMs - clock.now();
  };

  return {
    recordFailure(client) {
      for (const { entry, max } of countersOf(client, limits)) {
        failures.set(entry, [...(failures.get(entry) ?? []), clock.now()].slice(-max));
      }
    },
    tooMany(client) {
      const waits = countersOf(client, limits).map(waitMs);
      return Math.max(0, Math.ceil(Math.max(...waits) / 1000));
    },
  };
}

interface Counter {
  readonly entry: string;
  readonly max: number;
}

/** Claimed keys are as long as an attacker likes. */
const maxKeyCharacters = 64;

function countersOf({ apiKey, address }: FailedClient, limits: FailureLimits): Counter[] {
  const counters = [{ entry: `address ${networkOf(address)}`, max: limits.maxPerAddress }];
  if (apiKey !== null) {
    counters.push({ entry: `key ${apiKey.slice(0, maxKeyCharacters)}`, max: limits.maxPerKey });
  }
  return counters;
}
