import type { Principal } from './authenticator.js';
import type { Parameters } from './parameters.js';

/** Wire-shaped JSON object. */
export type Answer = Record<string, unknown>;

/** One authenticated request, as a handler sees it. */
export interface Call {
  readonly cloud: string;
  /** Decoded route parameters. */
  readonly path: Readonly<Record<string, string>>;
  /** Exactly what was verified: known to the operation, without empty values. */
  readonly parameters: Parameters;
  /** Null for the operations that need no credentials. */
  readonly principal: Principal | null;
  readonly signal: AbortSignal;
}

export interface Reply {
  /** 200 when absent. */
  readonly status?: number;
  readonly body: Answer;
}

/** Parse -> one service -> shape the reply. */
export type Handler = (call: Call) => Promise<Reply>;
