/** "Validity: 1 hour" (upload-api reference, section 2.2). */
export const timestampMaxAgeSeconds = 3600;
/** How far a client's clock may be ahead of ours. */
export const timestampMaxAheadSeconds = 300;
/** This many digits are milliseconds: a known client signs `Date.now()` (observed behaviours, section 1). */
const millisecondDigits = 13;

export type TimestampCheck =
  | { readonly outcome: 'ok' | 'stale' | 'future'; readonly seconds: number }
  | { readonly outcome: 'malformed' };

/** Unix seconds of a timestamp as it stands in a request, or null: up to 12 digits are seconds, 13 are milliseconds. */
export function parseTimestamp(text: string): number | null {
  if (!/^\d{1,13}$/.test(text)) return null;
  return text.length === millisecondDigits ? Math.floor(Number(text) / 1000) : Number(text);
}

/**
 * Whether the `timestamp` of a signed request is inside the window (upload-api reference, section 2.2; threat model S11). Both
 * edges belong to it.
 */
export function checkTimestamp(text: string, nowSeconds: number): TimestampCheck {
  return checkWindow(text, nowSeconds, timestampMaxAgeSeconds, timestampMaxAheadSeconds);
}

/** The same with another window; a window that is not a number lets nothing pass. */
export function checkWindow(
  text: string,
  nowSeconds: number,
  maxAgeSeconds: number,
  maxAheadSeconds: number,
): TimestampCheck {
  const seconds = parseTimestamp(text);
  if (seconds === null) return { outcome: 'malformed' };
  if (!(seconds >= nowSeconds - maxAgeSeconds)) return { outcome: 'stale', seconds };
  if (!(seconds <= nowSeconds + maxAheadSeconds)) return { outcome: 'future', seconds };
  return { outcome: 'ok', seconds };
}

/** "time printed `YYYY-MM-DD HH:MM:SS +0000`, UTC" (upload-api reference, section 2.2). */
export function formatStaleTime(seconds: number): string {
  const time = new Date(Math.floor(seconds) * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${String(time.getUTCFullYear()).padStart(4, '0')}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`;
  return `${date} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
