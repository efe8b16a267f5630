/** Who waits for one piece of work. */
interface Waiter<T> {
  resolve(result: T): void;
  reject(error: unknown): void;
}

interface Flight<T> {
  readonly waiters: Set<Waiter<T>>;
  readonly controller: AbortController;
  /** Set once the result is there and is being stored; answered to everybody who still comes. */
  landed: T | null;
  stored: Promise<void>;
}

export interface FlightsOptions<T> {
  /** Called for each caller before it gets the result: takes one more hold of counted bytes. */
  readonly share: (result: T) => T;
  /** Gives up the flight's own hold. */
  readonly release: (result: T) => void;
}

export interface Takeoff<T> {
  readonly result: T;
  /** Runs after the callers were answered; equal calls get `result` until it settles. Must not reject. */
  readonly afterwards?: () => Promise<void>;
}

/** One computation per key in this process (threat model T27). */
export interface Flights<T> {
  /**
   * Joins the flight for `key`, or starts it. A caller whose `signal` aborts leaves alone; when the last one leaves, the work is
   * aborted, since nobody would see its result.
   */
  join(key: string, work: (signal: AbortSignal) => Promise<Takeoff<T>>, signal?: AbortSignal): Promise<T>;
  /** Resolves when a landed flight's `afterwards` has settled; at once when there is none. */
  settled(key: string): Promise<void>;
  /** Keys under way or being stored. */
  size(): number;
  /** Resolves when everything that has landed is stored. */
  drain(): Promise<void>;
}

export function createFlights<T>({ share, release }: FlightsOptions<T>): Flights<T> {
  const flights = new Map<string, Flight<T>>();
  const storing = new Set<Promise<void>>();

  function start(key: string, work: (signal: AbortSignal) => Promise<Takeoff<T>>): Flight<T> {
    const flight: Flight<T> = {
      waiters: new Set(),
      controller: new AbortController(),
      landed: null,
      stored: Promise.resolve(),
    };
    flights.set(key, flight);
    const done = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    work(flight.controller.signal).then(
      ({ result, afterwards }) => {
        flight.landed = result;
        for (const waiter of flight.waiters) waiter.resolve(share(result));
        const stored = (afterwards?.() ?? Promise.resolve()).finally(() => {
          done();
          storing.delete(stored);
          release(result);
        });
        flight.stored = stored;
        storing.add(stored);
      },
      (error: unknown) => {
        done();
        for (const waiter of flight.waiters) waiter.reject(error);
      },
    );
    return flight;
  }

  return {
    join(key, work, signal) {
      return new Promise<T>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const flight = flights.get(key) ?? start(key, work);
        if (flight.landed !== null) return resolve(share(flight.landed));
        const leave = () => {
          flight.waiters.delete(waiter);
          reject(signal?.reason);
          if (flight.waiters.size > 0) return;
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort(signal?.reason);
        };
        const settle = <V>(give: (value: V) => void) => {
          return (value: V) => {
            signal?.removeEventListener('abort', leave);
            give(value);
          };
        };
        const waiter: Waiter<T> = { resolve: settle(resolve), reject: settle(reject) };
        flight.waiters.add(waiter);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
    settled: (key) => flights.get(key)?.stored ?? Promise.resolve(),
    size: () => flights.size,
    async drain() {
      while (storing.size > 0) await Promise.allSettled([...storing]);
    },
  };
}
