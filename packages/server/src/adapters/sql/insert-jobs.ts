import type { Kysely } from 'kysely';
import type { NewJob } from '../../ports/job-queue.js';
import { chunks } from './chunks.js';
import { inTurn } from './job-turns.js';
import type { Schema } from './schema.js';

/** Enqueues inside the caller's transaction, so that jobs exist exactly when the rows they belong to do. */
export async function insertJobs(trx: Kysely<Schema>, jobs: readonly NewJob[]): Promise<void> {
  const lastTurns = await findLastTurns(trx, jobs);
  const rows = jobs.map(({ id, kind, cloud, subject, payload, runAtMs }) => ({
    id,
    kind,
    cloud,
    payload: JSON.stringify(payload),
    blob_key: typeof payload.blobKey === 'string' ? payload.blobKey : null,
    run_at: runAtMs,
    available_at: runAtMs,
    attempt: 0,
    postponed: 0,
    lease_token: null,
    dead: 0 as const,
    error: null,
    subject,
    ...takeTurn(subject, lastTurns),
  }));
  for (const some of chunks(rows))
    await trx
      .insertInto('job')
      .values([...some])
      .execute();
}

/** The last turn of each subject that has living jobs. */
type LastTurns = Map<string, number>;

async function findLastTurns(trx: Kysely<Schema>, jobs: readonly NewJob[]): Promise<LastTurns> {
  const turns: LastTurns = new Map();
  for (const subject of new Set(jobs.map((job) => job.subject))) {
    if (subject === null) continue;
    const last = await inTurn(trx, subject, 'desc').executeTakeFirst();
    if (last !== undefined) turns.set(subject, last.turn);
  }
  return turns;
}

/** Behind the jobs of the subject that have not ended; waits as long as there is one. */
function takeTurn(subject: string | null, lastTurns: LastTurns): { turn: number; waits: 0 | 1 } {
  if (subject === null) return { turn: 0, waits: 0 };
  const last = lastTurns.get(subject);
  const turn = (last ?? 0) + 1;
  lastTurns.set(subject, turn);
  return { turn, waits: last === undefined ? 0 : 1 };
}
