import { randomUUID } from 'node:crypto';
import { ApiError } from '@counterseal/protocol';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openJobQueue } from '../adapters/sql/job-queue.js';
import { temporaryDatabase } from '../adapters/sql/temporary-database.test-support.js';
import type { Job, JobQueue, NewJob } from '../ports/job-queue.js';
import { RendererBusyError } from '../ports/renderer.js';
import { type JobKind, jobKinds, jobsAtOnce } from './job-lanes.js';
import { leaseMs, renewLeaseMs } from './run-job.js';
import { startJobRunner } from './run-jobs.js';

const clock = { now: () => Date.now() };
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const newJob = (kind: JobKind, changes: Partial<NewJob> = {}): NewJob => ({
  id: randomUUID(),
  kind,
  cloud: 'demo',
  subject: null,
  payload: {},
  runAtMs: clock.now(),
  ...changes,
});

/** A job at work, which the test ends as it likes. */
interface Work {
  readonly job: Job;
  readonly signal: AbortSignal;
  end(error?: Error): void;
}

/** A runner on a real queue. Its jobs do nothing until the test ends them, or the runner breaks them off. */
async function runnerOn(jobs: readonly NewJob[]) {
  const files = await temporaryDatabase();
  const queue = openJobQueue(await files.connect());
  await queue.enqueue(jobs);
  const renewals: boolean[] = [];
  const watched: JobQueue = {
    ...queue,
    extend: async (...given) => {
      const isMine = await queue.extend(...given);
      renewals.push(isMine);
      return isMine;
    },
  };
  const atWork: Work[] = [];
  const begun: string[] = [];
  const perform = (job: Job, { signal }: { signal: AbortSignal }) =>
    new Promise<void>((resolve, reject) => {
      const gone = () => atWork.splice(atWork.indexOf(work), 1);
      const work: Work = {
        job,
        signal,
        end: (error) => {
          gone();
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      begun.push(job.id);
      atWork.push(work);
      signal.addEventListener('abort', () => work.end(new ApiError('empty-file')));
    });
  const runner = startJobRunner(
    { upload: perform, 'upload-url': perform, eager: perform },
    { queue: watched, clock, logger },
  );
  onTestFinished(async () => {
    await runner.stop();
    await files.remove();
  });
  return {
    queue,
    runner,
    atWork,
    begun,
    renewals,
    kindsAtWork: () => atWork.map(({ job }) => job.kind).sort(),
    work: async (id: string) => {
      await expect.poll(() => atWork.some(({ job }) => job.id === id)).toBe(true);
      const found = atWork.find(({ job }) => job.id === id);
      if (found === undefined) throw new Error(`${id} is not at work`);
      return found;
    },
  };
}

const claimAny = { kinds: jobKinds, leaseMs: 1000 };

it('runs as many jobs of each kind as it has places, and the next when one ends', async () => {
  const jobs = jobKinds.flatMap((kind) => Array.from({ length: 6 }, () => newJob(kind)));
  const { kindsAtWork, atWork, begun } = await runnerOn(jobs);
  const full = jobKinds.flatMap((kind) => Array.from({ length: jobsAtOnce[kind] }, () => kind)).sort();
  await expect.poll(kindsAtWork).toEqual(full);
  atWork.find(({ job }) => job.kind === 'eager')?.end();
  await expect.poll(() => begun.length).toBe(full.length + 1);
  expect(kindsAtWork()).toEqual(full);
});

it('finishes uploads of kept bytes while addresses do not answer', async () => {
  const slow = Array.from({ length: 10 }, () => newJob('upload-url', { runAtMs: 0 }));
  const kept = Array.from({ length: 5 }, () => newJob('upload'));
  const { queue, work } = await runnerOn([...slow, ...kept]);
  for (const { id } of kept.toSorted((a, b) => a.id.localeCompare(b.id))) (await work(id)).end();
  await expect.poll(() => queue.counts()).toEqual({ ready: 6, leased: 4, dead: 0 });
});

it('runs what changes one public id in order, whatever the kind, and the rest beside it', async () => {
  const subject = 'demo/upload/cat';
  const first = newJob('upload-url', { subject });
  const second = newJob('upload', { subject });
  const third = newJob('eager', { subject });
  const other = newJob('upload');
  const { work, begun } = await runnerOn([first, second, third, other]);
  await work(first.id);
  (await work(other.id)).end();
  (await work(first.id)).end(new ApiError('empty-file'));
  (await work(second.id)).end();
  (await work(third.id)).end();
  expect(begun.filter((id) => id !== other.id)).toEqual([first.id, second.id, third.id]);
});

it('gives the jobs in hand back when it stops, whatever error that ends them with, as if it had not begun them', async () => {
  const jobs = jobKinds.flatMap((kind) => Array.from({ length: 3 }, () => newJob(kind)));
  const { queue, runner, atWork } = await runnerOn(jobs);
  await expect.poll(() => atWork.length).toBe(7);
  await runner.stop();
  expect(atWork).toEqual([]);
  expect(await queue.counts()).toEqual({ ready: jobs.length, leased: 0, dead: 0 });
  for (const _ of jobs)
    expect(await queue.claim({ ...claimAny, nowMs: clock.now() })).toMatchObject({
      attempt: 1,
      postponed: 0,
    });
});

it('keeps a job as dead that no retry can mend', async () => {
  const job = newJob('upload');
  const { queue, work } = await runnerOn([job]);
  (await work(job.id)).end(new ApiError('empty-file'));
  await expect.poll(() => queue.counts()).toEqual({ ready: 0, leased: 0, dead: 1 });
});

describe('in the course of time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps the lease of a job that takes long', async () => {
    const job = newJob('upload-url');
    const { queue, work, renewals } = await runnerOn([job]);
    const { signal, end } = await work(job.id);
    for (let third = 1; third <= 10; third++) {
      await vi.advanceTimersByTimeAsync(renewLeaseMs);
      await expect.poll(() => renewals).toEqual(Array(third).fill(true));
      expect(await queue.claim({ ...claimAny, nowMs: clock.now() + leaseMs / 2 })).toBeNull();
    }
    expect(signal.aborted).toBe(false);
    end();
    await expect.poll(() => queue.counts()).toEqual({ ready: 0, leased: 0, dead: 0 });
  });

  it('breaks off a job that it has lost, and leaves it to who has it now', async () => {
    const job = newJob('upload-url');
    const { queue, work, atWork, runner } = await runnerOn([job]);
    const { signal } = await work(job.id);
    const taken = await queue.claim({ ...claimAny, leaseMs: 10 * leaseMs, nowMs: clock.now() + leaseMs });
    expect(taken).toMatchObject({ id: job.id, attempt: 2 });
    expect(signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(renewLeaseMs);
    await expect.poll(() => signal.aborted).toBe(true);
    await expect.poll(() => atWork).toEqual([]);
    await runner.stop();
    expect(await queue.counts()).toEqual({ ready: 0, leased: 1, dead: 0 });
    expect(await queue.complete(taken ?? { id: '', leaseToken: '' })).toBe(true);
  });

  it('comes again after a busy renderer, however often, and then has all its attempts', async () => {
    const job = newJob('eager');
    const { queue, work, begun } = await runnerOn([job]);
    for (let time = 0; time < 8; time++) {
      (await work(job.id)).end(new RendererBusyError('the render queue is full'));
      await expect.poll(() => queue.counts()).toEqual({ ready: 1, leased: 0, dead: 0 });
      while (begun.length === time + 1) await vi.advanceTimersByTimeAsync(2000);
    }
    const { job: again, end } = await work(job.id);
    expect(again).toMatchObject({ attempt: 1, postponed: 8 });
    end();
    await expect.poll(() => queue.counts()).toEqual({ ready: 0, leased: 0, dead: 0 });
  });
});
