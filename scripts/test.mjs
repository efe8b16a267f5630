import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureCommandBundled } from './lib/command-bundle.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runNode } from './lib/run.mjs';
import { ensureSystemTools } from './lib/system-tools.mjs';
import { testTotals, totalsLine } from './lib/test-totals.mjs';

/*
 * `npm test [-- --full] [vitest arguments]`: every test project, then one line `N passed, N failed, N skipped`.
 * `--full` sets COUNTERSEAL_TEST_FULL=1: what test/support/full-run.ts tells.
 */
const args = process.argv.slice(2);
const full = args.includes('--full');
const passedOn = args.filter((arg) => arg !== '--full');

await ensureInstalled();
await ensureSystemTools();
await ensureBuilt();
await ensureCommandBundled();

const folder = mkdtempSync(join(tmpdir(), 'counterseal-test-'));
const reportPath = join(folder, 'report.json');
const { code } = await runNode(
  'node_modules/vitest/vitest.mjs',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`, ...passedOn],
  { output: 'inherit', env: full ? { ...process.env, COUNTERSEAL_TEST_FULL: '1' } : process.env },
);
const totals = testTotals(readReport(reportPath), code);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`\n${totalsLine(totals)}\n`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
