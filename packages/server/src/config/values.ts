import { z } from 'zod';
import { parseCidrList } from '../cidr-list.js';

/** Readers of values that more than one setting has, or that take more than a line. */

export function wholeNumber(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}

export function readCidrs(text: string, context: z.RefinementCtx): readonly string[] {
  const { cidrs, problems } = parseCidrList(text);
  for (const message of problems) context.addIssue({ code: 'custom', message });
  return cidrs;
}

export function isHttpOrigin(text: string): boolean {
  const url = safeUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
}

function safeUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
