/** How long another page may take to let go of an upload that it is done with. */
const patienceMs = 500;

/**
 * Only one page at a time goes on with an unfinished upload. Answers how to let go, which the end of the visit does too; null when
 * another page has it. Plain-HTTP pages have no locks: there everyone has everything.
 */
export function holdUpload(uploadId: string, visit: AbortSignal): Promise<(() => void) | null> {
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const hold = () =>
      new Promise<void>((release) => {
        visit.addEventListener('abort', () => release(), { once: true });
        if (visit.aborted) release();
        resolve(release);
      });
    const signal = AbortSignal.timeout(patienceMs);
    locks.request(`counterseal-upload ${uploadId}`, { signal }, hold).catch(() => resolve(null));
  });
}
