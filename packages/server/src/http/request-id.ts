import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const headerName = 'X-Request-Id';

/** Unique across restarts and processes; the counter tells requests of one process apart. */
const processPart = randomBytes(8).toString('hex');
let requests = 0;

export function newRequestId(): string {
  return processPart + (requests++).toString(16).padStart(16, '0');
}

/** Where an id waits that whoever answers writes with its own headers. A property, not a WeakMap: that would cost more than it saves. */
const deferred = Symbol('deferred request id');
type Answer = ServerResponse & { [deferred]?: string | undefined };

/** Sets the header of an answer, whoever writes it. */
export function setRequestId(res: ServerResponse, requestId: string): void {
  res.setHeader(headerName, requestId);
}

/**
 * Leaves the header to {@link requestIdHeader} or {@link settleRequestId}. For prepared headers: once any header was set, node:http
 * takes a prepared list apart and checks it name by name, which costs a cached answer a third of its time.
 */
export function deferRequestId(res: Answer, requestId: string): void {
  res[deferred] = requestId;
}

/** Name and value as `writeHead` takes them; empty when the header is set already. */
export function requestIdHeader(res: Answer): readonly string[] {
  const requestId = res[deferred];
  return requestId === undefined ? [] : [headerName, requestId];
}

/** Sets what was deferred: the answer is written in the usual way after all. */
export function settleRequestId(res: Answer): void {
  const requestId = res[deferred];
  if (requestId !== undefined) setRequestId(res, requestId);
  res[deferred] = undefined;
}
