/**
 * Counts what a vitest JSON report says. A suite that did not load, or that failed in its own hooks, counts as one failure; so
 * does a run that failed although every test passed (an unhandled error, a worker that died) or that left no report.
 */
export function testTotals(report, exitCode) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of report?.testResults ?? []) {
    const before = totals.failed;
    for (const test of suite.assertionResults) totals[bucket(test.status)] += 1;
    if (suite.status === 'failed' && totals.failed === before) totals.failed += 1;
  }
  if (totals.failed === 0 && (exitCode !== 0 || report === null)) totals.failed = 1;
  return totals;
}

/** The last line of a run. */
export function totalsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function bucket(status) {
  if (status === 'passed' || status === 'failed') return status;
  return 'skipped';
}
