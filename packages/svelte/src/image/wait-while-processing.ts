/** How long to wait between questions. Together two minutes: what takes longer is shown at the next visit. */
const pausesMs = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/** The server still makes the image (widgets reference, section 3.6). */
const processing = 423;

/**
 * Asks until an image is no longer being made. Answers whether it may be shown now; false also for an image that is broken for another
 * reason, and when nothing can be asked.
 */
export async function waitWhileProcessing(
  url: string,
  { signal, pauses = pausesMs }: { readonly signal: AbortSignal; readonly pauses?: readonly number[] },
): Promise<boolean> {
  for (const pauseMs of pauses) {
    const status = await statusOf(url, signal);
    if (status !== processing) return status === 200;
    await pause(pauseMs, signal);
    if (signal.aborted) return false;
  }
  return false;
}

async function statusOf(url: string, signal: AbortSignal): Promise<number> {
  try {
    const { status } = await fetch(url, { method: 'HEAD', cache: 'no-store', signal });
    return status;
  } catch {
    return 0;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
