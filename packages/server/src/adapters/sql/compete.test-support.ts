import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Tasks } from './competitor.test-support.js';

const hooks = new URL('typescript-hooks.test-support.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('competitor.test-support.ts', import.meta.url));

/** Runs a task in several real processes, let go at the same moment when all are ready; their answers. */
export async function compete<Name extends keyof Tasks>(
  processes: number,
  name: Name,
  task: Tasks[Name],
): Promise<unknown[]> {
  const racers = Array.from({ length: processes }, () => racer(name, JSON.stringify(task)));
  await Promise.all(racers.map(({ ready }) => ready));
  for (const { child } of racers) child.stdin?.end('go\n');
  return Promise.all(racers.map(({ answer }) => answer));
}

function racer(
  name: string,
  task: string,
): { child: ChildProcess; ready: Promise<unknown>; answer: Promise<unknown> } {
  const child = spawn(process.execPath, ['--import', hooks, program, name, task], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next();
  const answer = (async () => {
    await ready;
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${name} ended without an answer (exit code ${child.exitCode})`);
    return JSON.parse(value);
  })();
  return { child, ready, answer };
}
