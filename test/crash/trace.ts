/** Reading what `strace -f -y` wrote. */

export interface SystemCall {
  /** Place in the trace: of its start and of its return. Threads overlap. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly name: string;
  /** Arguments as printed. */
  readonly text: string;
  /** Path behind the first argument when that is a descriptor (`-y` prints it), else the first path. */
  readonly path: string;
  /** The last path: where a link or rename leads. */
  readonly target: string;
}

/** `1234 1700000000.123456 fsync(18</data/file>) = 0`; a call that others overtake is split into two lines. */
const whole = /^(\d+)\s+(\w+)\((.*)\)\s+=\s+(-?\d+|\?)/;
const begun = /^(\d+)\s+(\w+)\((.*)<unfinished \.\.\.>$/;
const resumed = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)\)\s+=\s+(-?\d+|\?)/;

/** Calls that succeeded, in the order of their return. */
export function readTrace(trace: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<string, { startedAt: number; text: string }>();
  const add = (name: string, text: string, startedAt: number, endedAt: number, result: string) => {
    if (!result.startsWith('-')) calls.push({ startedAt, endedAt, name, text, ...pathsIn(text) });
  };
  for (const [at, line] of trace.split('\n').entries()) {
    const [, thread, name, text, result] = whole.exec(line) ?? [];
    if (thread !== undefined) {
      add(name ?? '', text ?? '', at, at, result ?? '?');
      continue;
    }
    const [, waiting, waitingName, before] = begun.exec(line) ?? [];
    if (waiting !== undefined) open.set(`${waiting} ${waitingName}`, { startedAt: at, text: before ?? '' });
    const [, back, backName, after, backResult] = resumed.exec(line) ?? [];
    const start = open.get(`${back} ${backName}`);
    if (start !== undefined)
      add(backName ?? '', start.text + (after ?? ''), start.startedAt, at, backResult ?? '?');
  }
  return calls;
}

function pathsIn(text: string): { path: string; target: string } {
  const descriptor = /^\d+<([^>]*)>/.exec(text)?.[1];
  const named = [...text.matchAll(/"(\/[^"]*)"/g)].map(([, path]) => path ?? '');
  return { path: descriptor ?? named[0] ?? '', target: named.at(-1) ?? '' };
}
