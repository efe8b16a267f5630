import { setTimeout as sleep } from 'node:timers/promises';
import { forgetConnections } from './http-client.mjs';
import { cpuNs } from './process-tree.mjs';

/** What is done after the answer (storing a derivative, closing files) belongs to the request: it gets this long to finish. */
const defaultSettleMs = 60;

/**
 * One visit of a contender `{ name, pid, work }`: `work()` does some operations against the process `pid` and answers how many.
 * Answers CPU and wall time of one operation, in microseconds.
 */
export async function visit({ pid, work }, { settleMs = defaultSettleMs } = {}) {
  forgetConnections();
  const cpuBefore = cpuNs(pid);
  const startedAt = performance.now();
  const operations = await work();
  const wallMs = performance.now() - startedAt;
  await sleep(settleMs);
  return {
    cpu: (cpuNs(pid) - cpuBefore) / 1000 / operations,
    wall: (wallMs * 1000) / operations,
  };
}
