import type { Context } from './context.js';

/** Tells how far an upload is. */
export interface Progress {
  /** Bytes sent so far, of how many. */
  update(sentBytes: number, totalBytes: number): void;
  /** Wipes the bar. */
  end(): void;
}

const barWidth = 30;
const redrawMs = 100;

/** A bar on a terminal; silent elsewhere, so that logs stay readable. */
export function createProgress(context: Pick<Context, 'err' | 'errIsTerminal'>, now = Date.now): Progress {
  if (!context.errIsTerminal) return { update: () => {}, end: () => {} };
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  return {
    update(sentBytes, totalBytes) {
      if (sentBytes < totalBytes && now() - drawnAtMs < redrawMs) return;
      drawnAtMs = now();
      context.err(`\r${bar(sentBytes, totalBytes)}`);
    },
    end: () => context.err('\r\u001B[K'),
  };
}

/** `[#####.....]  50 %  1.0 of 2.0 MB` */
export function bar(sentBytes: number, totalBytes: number): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, sentBytes / totalBytes);
  const filled = Math.round(share * barWidth);
  const drawn = `${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}`;
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${drawn}] ${percent} %  ${megabytes(sentBytes)} of ${megabytes(totalBytes)} MB`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
