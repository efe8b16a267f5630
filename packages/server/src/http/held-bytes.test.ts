import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Edge,
  field,
  multipart,
  multipartType,
  rawRequest,
  sendRaw,
  startEdge,
} from './edge.test-support.js';
import { createHolding } from './held-bytes.js';
import { freeHeldBytes, maxHeldBytes } from './limits.js';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

/** Its first bytes cost nothing; so many more. */
function hold(countedBytes: number) {
  const holding = createHolding();
  holding.add(freeHeldBytes);
  holding.add(countedBytes);
  return holding;
}

/** One value of so many bytes, in every dialect. */
const dialects: Readonly<Record<string, (bytes: number) => Buffer>> = {
  urlencoded: (bytes) => rawRequest(`tags=${'a'.repeat(bytes)}`),
  multipart: (bytes) => rawRequest(multipart(field('tags', 'a'.repeat(bytes))), multipartType),
  JSON: (bytes) =>
    rawRequest(JSON.stringify({ tags: 'a'.repeat(bytes) }), { 'Content-Type': 'application/json' }),
};

it.each(Object.keys(dialects))('%s: large values wait for room, small ones never do', async (name) => {
  const request = dialects[name] ?? (() => Buffer.alloc(0));
  const send = async (bytes: number) => {
    await sendRaw(edge.port, request(bytes));
    return (await edge.nextOutcome()).error?.code ?? 'taken';
  };
  const all = hold(maxHeldBytes);
  expect(await send(freeHeldBytes / 2)).toBe('taken');
  expect(await send(freeHeldBytes * 2)).toBe('busy');
  all.giveBack();
  expect(await send(freeHeldBytes * 2)).toBe('taken');
  // Each request gave back what it held.
  hold(maxHeldBytes).giveBack();
});

it('who is refused is told when to come again, and holds nothing', () => {
  const all = hold(maxHeldBytes - 1);
  const busy = { code: 'busy', status: 420, retryAfterSeconds: 5 };
  expect(() => hold(2)).toThrow(expect.objectContaining(busy));
  hold(1).giveBack();
  all.giveBack();
});
