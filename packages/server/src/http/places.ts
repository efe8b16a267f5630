import { ApiError } from '@counterseal/protocol';

export interface PlaceLimits {
  /** Places in all. */
  readonly max: number;
  readonly maxOfNetwork: number;
  /** Who comes when so many wait, or so many of the network, is refused. */
  readonly maxWaiting: number;
  readonly maxWaitingOfNetwork: number;
  /** Longest wait for a place. */
  readonly waitMs: number;
  readonly retryAfterSeconds: number;
}

/** A fixed number of places, of which one network gets a share. Who finds none waits; the first in line that may have one is next. */
export interface Places {
  /**
   * Runs `work` in a place. While it waits nothing is read from the client.
   * @throws ApiError `busy` when no place came; whatever aborted the signal
   */
  run<Result>(network: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

interface Waiting {
  readonly network: string;
  readonly start: () => void;
}

export function createPlaces(limits: PlaceLimits): Places {
  const taken: string[] = [];
  const waiting = new Set<Waiting>();

  const mayHaveOne = (network: string) =>
    taken.length < limits.max && taken.filter((each) => each === network).length < limits.maxOfNetwork;

  const mayWait = (network: string) =>
    waiting.size < limits.maxWaiting &&
    [...waiting].filter((each) => each.network === network).length < limits.maxWaitingOfNetwork;

  function giveBack(network: string): void {
    taken.splice(taken.indexOf(network), 1);
    for (const next of waiting) {
      if (!mayHaveOne(next.network)) continue;
      taken.push(next.network);
      next.start();
      return;
    }
  }

  function untilThereIsOne(network: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        waiting.delete(mine);
      };
      const mine: Waiting = {
        network,
        start: () => {
          leave();
          resolve();
        },
      };
      const onAbort = () => {
        leave();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        leave();
        reject(busy(limits));
      }, limits.waitMs);
      signal.addEventListener('abort', onAbort);
      waiting.add(mine);
    });
  }

  return {
    async run(network, signal, work) {
      signal.throwIfAborted();
      if (mayHaveOne(network)) taken.push(network);
      else if (!mayWait(network)) throw busy(limits);
      else await untilThereIsOne(network, signal);
      try {
        return await work();
      } finally {
        giveBack(network);
      }
    },
  };
}

function busy({ retryAfterSeconds }: PlaceLimits): ApiError {
  return new ApiError('busy', { seconds: retryAfterSeconds }, { retryAfterSeconds });
}
