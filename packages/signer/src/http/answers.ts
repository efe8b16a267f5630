import type { Refusal } from '../policy/rule.js';
import type { Outgoing } from './exchange.js';

const json = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' } as const;

export function ok(body: unknown, headers: Readonly<Record<string, string>>): Outgoing {
  return { status: 200, headers: { ...json, ...headers }, body: JSON.stringify(body) };
}

export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `{"error": {"message", "code"}}`, the message where clients of the wire protocol look for it. */
export function failed(
  { status, code, message, headers = {} }: Failure,
  more: Readonly<Record<string, string>>,
): Outgoing {
  const body = JSON.stringify({ error: { message, code } });
  return { status, headers: { ...json, ...more, ...headers }, body };
}

/** 403 that names parameter and rule, and the value that would have been signed where there is one. */
export function forbidden(
  { message, code, parameter, rule, required }: Refusal,
  headers: Readonly<Record<string, string>>,
): Outgoing {
  const error = { message, code, parameter, rule, ...(required === undefined ? {} : { required }) };
  return { status: 403, headers: { ...json, ...headers }, body: JSON.stringify({ error }) };
}
