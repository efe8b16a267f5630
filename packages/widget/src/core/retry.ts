import type { TransportAnswer } from './ports.js';

/** Tries of one request, the first included. */
export const maxAttempts = 6;

const firstDelayMs = 500;
const maxDelayMs = 30_000;

/** A server that asks for a longer pause than this is not waited for. */
const maxRetryAfterMs = 120_000;

/** Answers worth another try: the server is busy (420, 429) or broken (5xx). Every other refusal is final. */
export function isRetriable(status: number): boolean {
  return status === 420 || status === 429 || status >= 500;
}

/**
 * Pause before the next try: doubling, capped, with full jitter, so that many browsers do not come back at once. Never less than
 * the server asked for.
 */
export function retryDelayMs(attempt: number, random: number, retryAfterMs: number): number {
  const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.max(retryAfterMs, Math.round(ceiling * random));
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3); 0 when absent or senseless. */
export function retryAfterMs(answer: TransportAnswer, nowMs: number): number {
  const text = answer.header('Retry-After')?.trim() ?? '';
  if (text === '') return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(maxRetryAfterMs, Math.max(0, ms)) : 0;
}
