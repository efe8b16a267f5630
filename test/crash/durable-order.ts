import { dirname } from 'node:path';
import type { SystemCall } from './trace.js';

const writes = new Set(['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2']);
const syncs = new Set(['fsync', 'fdatasync']);
const namings = new Set(['link', 'linkat', 'rename', 'renameat', 'renameat2']);
const sends = new Set(['write', 'writev', 'sendto', 'sendmsg']);

export interface DurableFile {
  /** The name under which the bytes were written. */
  readonly staged: string;
  /** The name they got for good. */
  readonly final: string;
}

/** The files that got their final name in this trace. */
export function filesNamed(calls: readonly SystemCall[], blobsFolder: string): DurableFile[] {
  return calls
    .filter(({ name, target }) => namings.has(name) && target.startsWith(`${blobsFolder}/`))
    .map(({ path, target }) => ({ staged: path, final: target }));
}

/**
 * Rule 1 of docs/architecture.md, as the kernel saw it: each step has returned before the next one starts. Answers what is out of order
 * or missing; empty when a power cut at any moment after the answer finds everything.
 */
export function findDisorder(
  calls: readonly SystemCall[],
  { files, log, answer }: { files: readonly DurableFile[]; log: string; answer: RegExp },
): string[] {
  const problems: string[] = [];
  const answered = calls.find(
    ({ name, path, text }) => sends.has(name) && isSocket(path) && answer.test(text),
  );
  if (answered === undefined) return ['no answer was written'];
  const before = calls.filter(({ startedAt }) => startedAt < answered.startedAt);
  const lastOf = (names: ReadonlySet<string>, path: string) =>
    before.findLast((call) => names.has(call.name) && call.path === path);
  const inTurn = (what: string, first: SystemCall | undefined, then: SystemCall | undefined) => {
    if (first === undefined || then === undefined || first.endedAt > then.startedAt) problems.push(what);
  };

  const logWritten = lastOf(writes, log);
  const logSynced = lastOf(syncs, log);
  inTurn('the log is not synced after its last write', logWritten, logSynced);
  inTurn('the answer does not wait for the log', logSynced, answered);
  const commitBegun = before.find(
    ({ name, path, startedAt }) => writes.has(name) && path === log && startedAt > lastNaming(before),
  );

  for (const { staged, final } of files) {
    const written = lastOf(writes, staged);
    const synced = lastOf(syncs, staged);
    const named = before.find(({ name, target }) => namings.has(name) && target === final);
    const folderSynced = before.find(
      (call) =>
        syncs.has(call.name) && call.path === dirname(final) && call.startedAt > (named?.endedAt ?? Infinity),
    );
    inTurn(`${final}: bytes are not synced after their last write`, written, synced);
    inTurn(`${final}: gets its name before its bytes are synced`, synced, named);
    inTurn(`${final}: its folder is not synced after it got its name`, named, folderSynced);
    inTurn(`${final}: the commit does not wait for its folder`, folderSynced, commitBegun);
  }
  return problems;
}

/** Place where the last file had its final name: what is written to the log after it is this upload's commit. */
function lastNaming(calls: readonly SystemCall[]): number {
  return calls.findLast(({ name }) => namings.has(name))?.endedAt ?? Number.POSITIVE_INFINITY;
}

function isSocket(path: string): boolean {
  return /^(socket|TCP)/.test(path);
}
