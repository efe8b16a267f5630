import type { QueueTotals } from '../core/queue-file.js';
import type { Translate } from '../locales/text.js';

/** How many files are done and how many failed, in words; nothing about none. */
export function settledFacts({ done, failed }: QueueTotals, t: Translate): string[] {
  return [
    ...(done > 0 ? [t('queue.mini_upload_count', { num: done })] : []),
    ...(failed > 0 ? [t('queue.mini_failed', { num: failed })] : []),
  ];
}

/** Of the bytes of the queue, whole. */
export function percentOf({ sentBytes, totalBytes }: QueueTotals): number {
  return totalBytes === 0 ? 0 : Math.floor((sentBytes / totalBytes) * 100);
}
