import { describe, expect, test } from 'vitest';
import { testTotals, totalsLine } from './test-totals.mjs';

const suite = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

describe('testTotals', () => {
  test.each([
    ['counts tests', [suite('passed', 'passed', 'passed', 'skipped', 'pending', 'todo')], 0, [2, 0, 3]],
    ['counts failures', [suite('failed', 'passed', 'failed', 'failed')], 1, [1, 2, 0]],
    ['a suite that did not load is a failure', [suite('failed'), suite('passed', 'passed')], 1, [1, 1, 0]],
    ['so is one whose hook failed', [suite('failed', 'passed', 'skipped')], 1, [1, 1, 1]],
    ['so is a run that failed though every test passed', [suite('passed', 'passed')], 1, [1, 1, 0]],
  ])('%s', (_, testResults, exitCode, [passed, failed, skipped]) => {
    expect(testTotals({ testResults }, exitCode)).toEqual({ passed, failed, skipped });
  });

  test('a run that left no report is a failure', () => {
    expect(testTotals(null, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test('prints the closing line', () => {
    expect(totalsLine({ passed: 3, failed: 0, skipped: 1 })).toBe('3 passed, 0 failed, 1 skipped');
  });
});
