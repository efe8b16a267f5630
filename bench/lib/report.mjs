import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/project.mjs';
import { isReached } from './stats.mjs';

/** One line of the table. `goal` is `{ min }`, `{ max }` or null; `result` is a summary (see stats.mjs). */
export function row(id, what, goal, result, { unit = 'x' } = {}) {
  return { id, what, goal, unit, ...result, reached: isReached(result.median, goal) };
}

export function formatTable(rows) {
  const head = ['', 'what', 'goal', 'median', 'IQR', ''];
  const cells = rows.map(({ id, what, goal, unit, median, low, high, reached }) => [
    id,
    what,
    goal === null ? '' : goal.min === undefined ? `<= ${goal.max}` : `>= ${goal.min}`,
    `${digits(median)} ${unit}`,
    `${digits(low)}-${digits(high)}`,
    reached === null ? '' : reached ? 'reached' : 'MISSED',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column].length)));
  return [head, ...cells]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Writes everything as JSON into bench/out, under the time of the run; answers the path. */
export function keep(report) {
  const folder = join(root, 'bench/out');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${report.startedAt.replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
