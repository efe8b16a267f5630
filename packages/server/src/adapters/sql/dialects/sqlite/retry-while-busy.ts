import { setTimeout as sleep } from 'node:timers/promises';
import { StoreBusyError } from '../../../../ports/io.js';
import { isBusy } from './sqlite-errors.js';

/** Longest wait for another process's transaction. */
export const BUSY_TIMEOUT_MS = 10_000;

const FIRST_DELAY_MS = 1;
const LONGEST_DELAY_MS = 20;

/**
 * Tries again while another connection holds the lock, without blocking the event loop. SQLite's own `busy_timeout` sleeps on
 * the thread: a second connection of the same process could then never finish the transaction that is waited for.
 */
export async function retryWhileBusy<T>(attempt: () => T, timeoutMs = BUSY_TIMEOUT_MS): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= deadline) throw new StoreBusyError('the database is locked', { cause: error });
    }
    await sleep(delayMs * (0.5 + Math.random()));
  }
}
