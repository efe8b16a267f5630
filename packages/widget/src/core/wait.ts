import type { Connectivity, Timers } from './ports.js';

/** Resolves after a while; rejects with the signal's reason when it is aborted first. */
export function pause(delayMs: number, timers: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = timers.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Resolves once there is a link; at once when there is one. */
export function untilOnline(connectivity: Connectivity, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    if (connectivity.isOnline()) return resolve();
    const end = () => {
      stop();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      end();
      reject(signal.reason);
    };
    const stop = connectivity.onChange(() => {
      if (!connectivity.isOnline()) return;
      end();
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The work's result, or a rejection once the time is over or the signal aborts. What comes later is dropped. */
export function within<Result>(
  work: Promise<Result>,
  limit: {
    readonly timeoutMs: number;
    readonly timers: Timers;
    readonly signal: AbortSignal;
    readonly late: () => Error;
  },
): Promise<Result> {
  const over = new AbortController();
  const watch = AbortSignal.any([limit.signal, over.signal]);
  const deadline = pause(limit.timeoutMs, limit.timers, watch).then(() => {
    throw limit.late();
  });
  return Promise.race([work, deadline]).finally(() => {
    over.abort();
    deadline.catch(() => {});
  });
}
