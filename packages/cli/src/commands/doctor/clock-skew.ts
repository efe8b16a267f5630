import { timestampMaxAheadSeconds } from '@counterseal/protocol';

export interface ClockCheck {
  readonly ok: boolean;
  readonly message: string;
}

/** A `Date` header has whole seconds, and the answer takes time. */
const unremarkableSeconds = 5;
const timeoutMs = 5_000;

/** Compares this machine's clock with a server's, by the `Date` of its answer (RFC 9110, section 6.6.1). */
export async function checkClock(server: string, now: () => number = Date.now): Promise<ClockCheck> {
  const sentAtMs = now();
  let date: number;
  try {
    const response = await fetch(`${server}/health`, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
    });
    await response.body?.cancel();
    date = Date.parse(response.headers.get('date') ?? '');
  } catch {
    return { ok: false, message: `${server} cannot be reached: the clocks were not compared` };
  }
  if (Number.isNaN(date)) return { ok: false, message: `${server} does not say the time` };
  const skewSeconds = Math.round(((sentAtMs + now()) / 2 - date) / 1000);
  const size = Math.abs(skewSeconds);
  if (size <= unremarkableSeconds) return { ok: true, message: `clocks agree with ${server}` };
  const side = skewSeconds > 0 ? 'ahead of' : 'behind';
  const message = `this clock is ${size} seconds ${side} ${server}`;
  const tooFar = skewSeconds > timestampMaxAheadSeconds || skewSeconds < -timestampMaxAheadSeconds;
  return tooFar
    ? { ok: false, message: `${message}: its signatures are refused or die early` }
    : { ok: true, message };
}
