import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { formatTable, keep } from './lib/report.mjs';
import { findCommand } from './lib/tools.mjs';
import * as avif from './rows/avif.mjs';
import * as delivery from './rows/delivery.mjs';
import * as eager from './rows/eager.mjs';
import * as load from './rows/load.mjs';
import * as memory from './rows/memory.mjs';
import * as sign from './rows/sign.mjs';
import * as signEndpoint from './rows/sign-endpoint.mjs';
import * as transform from './rows/transform.mjs';
import * as upload from './rows/upload.mjs';
import * as widget from './rows/widget.mjs';

/*
 * `npm run bench [-- --quick] [-- --only NAME]...`: ratios against peers and limits, side by side in one run; see
 * docs/performance.md. Exits with 0 whatever was reached: these are measurements, not tests.
 */
const groups = [sign, signEndpoint, upload, memory, transform, eager, avif, delivery, load, widget];
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const chosen = groups.filter((group) =>
  values.only === undefined ? group.onlyWhenAsked !== true : values.only.includes(group.name),
);
if (chosen.length === 0 || (values.only ?? []).some((name) => groups.every((group) => group.name !== name))) {
  process.stderr.write(`--only takes ${groups.map((group) => group.name).join(', ')}\n`);
  process.exit(2);
}
if (process.platform !== 'linux') {
  process.stderr.write('the benchmark reads /proc: it runs on Linux only\n');
  process.exit(2);
}

const say = (text) => process.stderr.write(`bench: ${text}\n`);
for (const [tool, loss] of [
  ['taskset', 'nothing is pinned to a core'],
  ['nginx', 'skipping the rows against nginx'],
])
  if (findCommand(tool) === null) say(`${tool} is not installed: ${loss}`);

const startedAt = new Date();
const loadBefore = loadavg();
const rows = [];
const failures = [];
const tables = [];
for (const group of chosen) {
  const from = performance.now();
  try {
    const measured = await group.run({ quick: values.quick });
    rows.push(...measured.map((row) => ({ group: group.name, ...row })));
    if (group.markdown !== undefined) tables.push(group.markdown(measured));
  } catch (error) {
    failures.push({ group: group.name, error: String(error?.stack ?? error) });
  }
  say(`${group.name}: ${Math.round((performance.now() - from) / 1000)} s`);
}
process.stdout.write(`${formatTable(rows)}\n`);
for (const table of tables) process.stdout.write(`\n${table}\n\n`);
for (const { group, error } of failures) process.stdout.write(`FAILED ${group}: ${error}\n`);
process.stdout.write(`load average ${loadBefore[0].toFixed(1)} before, ${loadavg()[0].toFixed(1)} after\n`);
const path = keep({
  startedAt: startedAt.toISOString(),
  seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
  node: process.version,
  quick: values.quick,
  load: { before: loadBefore, after: loadavg() },
  rows,
  failures,
});
process.stdout.write(`written to ${path}\n`);
process.exit(failures.length === 0 ? 0 : 1);
