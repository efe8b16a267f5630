import { type QueueFile, totalsOf } from '../core/queue-file.js';
import type { Translate } from '../locales/text.js';

/** Short uploads need no words on the way, and more words would talk over everything else. */
const leastPauseMs = 5000;
const quarterPercent = 25;

/**
 * What screen readers are told while uploads are under way: every quarter of the whole, and that the link is gone. Null when there is
 * nothing new to say.
 */
export function createProgressTeller(t: Translate, now: () => number) {
  let quarter = 0;
  let saidAtMs: number | null = null;
  let isOffline = false;
  return (files: readonly QueueFile[]): string | null => {
    const { open, sentBytes, totalBytes } = totalsOf(files);
    const wasOffline = isOffline;
    isOffline = files.some(({ status }) => status === 'offline');
    if (isOffline && !wasOffline) return t('notifications.offline');
    if (open === 0 || saidAtMs === null) {
      quarter = 0;
      saidAtMs = open === 0 ? null : now();
      return null;
    }
    const reached = Math.min(3, Math.floor((sentBytes * 4) / totalBytes));
    if (!(reached > quarter) || now() - saidAtMs < leastPauseMs) return null;
    quarter = reached;
    saidAtMs = now();
    return t('notifications.progress', { percent: reached * quarterPercent });
  };
}
