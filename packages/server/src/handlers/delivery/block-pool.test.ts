import { expect, it } from 'vitest';
import { createBlockPool } from './block-pool.js';

it('hands a block out again, to one at a time', () => {
  const pool = createBlockPool({ blockBytes: 8, maxIdle: 4 });
  const first = pool.take();
  const second = pool.take();
  expect(first).not.toBe(second);
  expect(first).toHaveLength(8);
  pool.give(first);
  expect(pool.take()).toBe(first);
  expect(pool.take()).not.toBe(first);
});

it('keeps no more than it may', () => {
  const pool = createBlockPool({ blockBytes: 8, maxIdle: 1 });
  const [kept, dropped] = [pool.take(), pool.take()];
  pool.give(kept);
  pool.give(dropped);
  expect(pool.take()).toBe(kept);
  expect(pool.take()).not.toBe(dropped);
});
