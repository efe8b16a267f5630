import { UploadFailure } from '../core/failure.js';
import type { Timers } from '../core/ports.js';
import { within } from '../core/wait.js';

/**
 * Calls a hook of the page that answers by a callback. The first answer counts; an exception, a rejected promise and silence are
 * failures, so that no hook can leave the widget waiting.
 */
export function askPage<Answer>(
  name: string,
  ask: (callback: (answer: Answer) => void) => unknown,
  limit: { readonly timeoutMs: number; readonly timers: Timers; readonly signal: AbortSignal },
): Promise<Answer> {
  const answer = new Promise<Answer>((resolve, reject) => {
    const refuse = (error: unknown) =>
      reject(
        new UploadFailure(
          'hook',
          `${name} failed: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
    try {
      const returned = ask(resolve);
      if (returned instanceof Promise) returned.catch(refuse);
    } catch (error) {
      refuse(error);
    }
  });
  return within(answer, {
    ...limit,
    late: () => new UploadFailure('hook', `${name} did not answer in time`),
  });
}
