import { describe, expect, test } from 'vitest';
import { cpuNs, peakBytes, resetPeak, residentBytes, treeOf } from '../bench/lib/process-tree.mjs';
import { formatTable, row } from '../bench/lib/report.mjs';
import { figures, playRounds, ratio } from '../bench/lib/rounds.mjs';
import { extent, isReached, quantile, summary } from '../bench/lib/stats.mjs';

/** The arithmetic behind docs/performance.md. */

describe('stats', () => {
  test('quantiles lie on the line between two values, whatever the order', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((at) => quantile([4, 1, 3, 2], at))).toEqual([1, 1.75, 2.5, 3.25, 4]);
    expect(summary([5])).toEqual({ median: 5, low: 5, high: 5, samples: 1 });
    expect(() => quantile([], 0.5)).toThrow('no values');
  });

  test('the range of a handful of runs is its whole range', () => {
    expect(extent([5, 1, 9, 4])).toEqual({ median: 4.5, low: 1, high: 9, samples: 4 });
  });

  test.each([
    [1.5, { min: 1.5 }, true],
    [1.4, { min: 1.5 }, false],
    [1.1, { max: 1.15 }, true],
    [1.2, { max: 1.15 }, false],
    [9, null, null],
  ])('%d against %j: %s', (value, goal, expected) => {
    expect(isReached(value, goal)).toBe(expected);
  });
});

describe('rounds', () => {
  test('one visit each to warm up, then there and back again', async () => {
    const visited: string[] = [];
    const contenders = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    const samples = await playRounds(contenders, 3, async ({ name }: { name: string }) => {
      visited.push(name);
      return { cpu: visited.length };
    });
    expect(visited.join('')).toBe('abc' + 'abc' + 'cba' + 'abc');
    expect(samples.a).toEqual([{ cpu: 4 }, { cpu: 9 }, { cpu: 10 }]);
  });

  test('a ratio is formed inside each round: what makes a whole round slow does not touch it', () => {
    const samples = {
      ours: [{ cpu: 10 }, { cpu: 100 }, { cpu: 10 }],
      peer: [{ cpu: 20 }, { cpu: 200 }, { cpu: 30 }],
    };
    expect(ratio(samples, { contender: 'ours', reference: 'peer', figure: 'cpu' })).toMatchObject({
      median: 2,
    });
    expect(figures(samples, 'ours', 'cpu')).toMatchObject({ median: 10 });
  });
});

test('the table says what was reached', () => {
  const rows = [
    row('P1', 'sign', { min: 5 }, summary([5.25])),
    row('P6', 'memory', { max: 64 }, summary([80]), { unit: 'MiB' }),
    row('', 'for orientation', null, summary([123.4])),
  ];
  const [, reached, missed, neither] = formatTable(rows).split('\n');
  expect(reached).toMatch(/^P1 +sign +>= 5 +5\.25 x +5\.25-5\.25 +reached$/);
  expect(missed).toMatch(/^P6 +memory +<= 64 +80\.0 MiB +80\.0-80\.0 +MISSED$/);
  expect(neither).toMatch(/^ +for orientation +123 x +123-123$/);
});

describe.runIf(process.platform === 'linux')('process tree', () => {
  test('counts the CPU of this process, of all its threads', () => {
    const before = cpuNs(process.pid);
    for (const end = performance.now() + 100; performance.now() < end; );
    const spent = (cpuNs(process.pid) - before) / 1e6;
    expect(spent).toBeGreaterThan(5);
    expect(treeOf(process.pid)).toContain(process.pid);
  });

  test('the peak holds what came after the reset', () => {
    resetPeak(process.pid);
    const before = peakBytes(process.pid);
    let block: Buffer | null = Buffer.alloc(64 * 1024 * 1024, 1);
    const with64 = peakBytes(process.pid);
    expect(with64 - before).toBeGreaterThan(48 * 1024 * 1024);
    block = null;
    expect(block).toBeNull();
    expect(residentBytes(process.pid)).toBeGreaterThan(0);
  });
});
