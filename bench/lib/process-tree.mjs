import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/*
 * What a process and its children use, from Linux's /proc. On-CPU time is the scheduler's own account of every thread
 * (schedstat, first figure, nanoseconds); it does not swing with what else the machine does, as wall time would.
 */

/** The process and everything below it that is alive. */
export function treeOf(pid) {
  const parents = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = read(`/proc/${entry}/stat`);
    if (stat === null) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)]);
  }
  const found = [];
  for (const waiting = [pid]; waiting.length > 0; ) {
    const next = waiting.pop();
    found.push(next);
    waiting.push(...(parents.get(next) ?? []));
  }
  return found;
}

/** On-CPU nanoseconds so far, all threads, children included. Threads that have ended are not in it: ours stay. */
export function cpuNs(pid) {
  let total = 0;
  for (const member of treeOf(pid)) {
    for (const thread of list(`/proc/${member}/task`)) {
      total += Number(read(`/proc/${member}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0);
    }
  }
  return total;
}

/** Resident bytes of the whole tree now. */
export function residentBytes(pid) {
  return sumOfStatus(pid, 'VmRSS');
}

/** Sum of the high-water marks since {@link resetPeak}: at least what the tree held at any one time. */
export function peakBytes(pid) {
  return sumOfStatus(pid, 'VmHWM');
}

/** Sets the high-water marks back to what is resident now. */
export function resetPeak(pid) {
  for (const member of treeOf(pid)) writeFileSync(`/proc/${member}/clear_refs`, '5');
}

function sumOfStatus(pid, name) {
  let kilobytes = 0;
  for (const member of treeOf(pid)) {
    const status = read(`/proc/${member}/status`) ?? '';
    kilobytes += Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  }
  return kilobytes * 1024;
}

/** Null when the process or thread has ended meanwhile. */
function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
