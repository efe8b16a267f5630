import { describe, expect, test } from 'vitest';
import { createFailureLimiter } from './failure-limiter.js';

function setUp(limits: { maxEntries?: number } = {}) {
  let nowMs = 1_000_000;
  const limiter = createFailureLimiter(
    { now: () => nowMs },
    { windowSeconds: 60, maxPerAddress: 3, maxPerKey: 5, maxEntries: 100, ...limits },
  );
  return {
    limiter,
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    fail: (address: string, apiKey: string | null = null) => limiter.recordFailure({ address, apiKey }),
    wait: (address: string, apiKey: string | null = null) => limiter.tooMany({ address, apiKey }),
  };
}

describe('createFailureLimiter', () => {
  test('an address waits until its oldest failure has left the window', () => {
    const { fail, wait, pass } = setUp();
    fail('10.0.0.1');
    pass(10);
    fail('10.0.0.1');
    expect(wait('10.0.0.1')).toBe(0);
    fail('10.0.0.1');
    expect(wait('10.0.0.1')).toBe(50);
    expect(wait('10.0.0.2')).toBe(0);
    pass(49.5);
    expect(wait('10.0.0.1')).toBe(1);
    pass(0.5);
    expect(wait('10.0.0.1')).toBe(0);
    fail('10.0.0.1');
    expect(wait('10.0.0.1')).toBe(10);
  });

  test('a key is guarded against many addresses', () => {
    const { fail, wait } = setUp();
    for (let n = 1; n <= 5; n++) fail(`10.0.0.${n}`, 'key');
    expect(wait('10.0.0.99', 'key')).toBe(60);
    expect(wait('10.0.0.99', 'other')).toBe(0);
    expect(wait('10.0.0.99')).toBe(0);
  });

  test.each([
    ['2001:db8::1', '2001:db8:0:0:ffff::9', true],
    ['2001:db8:0:1::1', '2001:db8::1', false],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['fe80::1%eth0', 'fe80::2%eth1', true],
    ['::1', '::2', true],
  ])('%s and %s are one client: %s', (a, b, isSame) => {
    const { fail, wait } = setUp();
    for (let n = 0; n < 3; n++) fail(a);
    expect(wait(b) > 0).toBe(isSame);
  });

  test('memory is bounded: the longest untouched is forgotten', () => {
    const { fail, wait } = setUp({ maxEntries: 2 });
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) for (let n = 0; n < 3; n++) fail(address);
    expect(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => wait(address))).toEqual([0, 60, 60]);
  });

  test('endless keys are one key', () => {
    const { fail, wait } = setUp();
    for (let n = 1; n <= 5; n++) fail(`10.0.0.${n}`, 'k'.repeat(64) + n);
    expect(wait('10.0.0.9', 'k'.repeat(1000))).toBe(60);
  });
});
