import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Tasks } from './competitor.test-support.js';
import { compileProgram } from './compile-program.test-support.js';

const competitor = fileURLToPath(new URL('competitor.test-support.ts', import.meta.url));

export interface Competition {
  /** Runs a task in several real processes, let go at the same moment when all are ready; their answers. */
  run<Name extends keyof Tasks>(processes: number, name: Name, task: Tasks[Name]): Promise<unknown[]>;
  remove(): Promise<void>;
}

export async function competition(): Promise<Competition> {
  const program = await compileProgram(competitor);
  return {
    run: async (processes, name, task) => {
      const racers = Array.from({ length: processes }, () => racer(program.path, name, JSON.stringify(task)));
      await Promise.all(racers.map(({ ready }) => ready));
      for (const { child } of racers) child.stdin?.end('go\n');
      return Promise.all(racers.map(({ answer }) => answer));
    },
    remove: program.remove,
  };
}

interface Racer {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly answer: Promise<unknown>;
}

function racer(program: string, name: string, task: string): Racer {
  const child = spawn(process.execPath, ['--no-warnings', program, name, task], {
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
