import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DuplicateError } from '../io.js';
import type { Job, JobFailure, JobQueue } from '../job-queue.js';
import { job, nowMs } from './asset-samples.contract.js';
import { jobSubjectsContract } from './job-subjects.contract.js';

export interface JobQueueFixture {
  readonly jobs: JobQueue;
  /** Another, independent connection to the same data. */
  connect(): Promise<JobQueue>;
  close(): Promise<void>;
}

const leaseMs = 30_000;
/** Of the jobs that `job` makes. */
const kinds = ['notify'];
const dead: JobFailure = { error: 'e', retryAtMs: null, countsAs: 'attempt' };

/** What every JobQueue must do. `open` gives an empty queue each time. */
export function jobQueueContract(name: string, open: () => Promise<JobQueueFixture>): void {
  describe(`JobQueue: ${name}`, () => {
    let fixture: JobQueueFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    const claimOrNull = (atMs = nowMs) => fixture.jobs.claim({ kinds, nowMs: atMs, leaseMs });

    async function claim(atMs = nowMs): Promise<Job> {
      const claimed = await claimOrNull(atMs);
      if (claimed === null) throw new Error('no job to claim');
      return claimed;
    }

    it('answers null, false and zero when it is empty', async () => {
      const { jobs } = fixture;
      expect(await claimOrNull()).toBeNull();
      expect(await jobs.complete({ id: 'none', leaseToken: 'none' })).toBe(false);
      expect(await jobs.extend({ id: 'none', leaseToken: 'none' }, nowMs)).toBe(false);
      expect(await jobs.fail({ id: 'none', leaseToken: 'none' }, dead)).toBe(false);
      expect(await jobs.counts()).toEqual({ ready: 0, leased: 0, dead: 0 });
      expect(await jobs.referencedBlobs([])).toEqual(new Set());
    });

    it('gives jobs back as they were put in, the oldest first, when they are due', async () => {
      const { jobs } = fixture;
      const later = job({ runAtMs: nowMs + 1 });
      const first = job({
        runAtMs: nowMs - 1,
        subject: 'demo/upload/cat',
        payload: { a: [1, { b: null }], text: `'"\u{1f600}` },
      });
      const second = job({ runAtMs: nowMs });
      await jobs.enqueue([later, second, first]);
      expect(await claim()).toEqual({ ...first, attempt: 1, postponed: 0, leaseToken: expect.any(String) });
      expect(await claim()).toMatchObject({ id: second.id });
      expect(await claimOrNull()).toBeNull();
      expect(await jobs.counts()).toEqual({ ready: 1, leased: 2, dead: 0 });
      expect(await claim(nowMs + 1)).toMatchObject({ id: later.id });
    });

    it('puts in all jobs of a call or none', async () => {
      const { jobs } = fixture;
      const taken = job();
      await jobs.enqueue([taken]);
      await expect(jobs.enqueue([job(), taken])).rejects.toBeInstanceOf(DuplicateError);
      expect(await jobs.counts()).toEqual({ ready: 1, leased: 0, dead: 0 });
    });

    it('forgets a completed job', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job()]);
      const claimed = await claim();
      expect(await jobs.complete(claimed)).toBe(true);
      expect(await jobs.complete(claimed)).toBe(false);
      expect(await jobs.counts()).toEqual({ ready: 0, leased: 0, dead: 0 });
    });

    it('gives a failed job again at its retry time, with a higher attempt', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job()]);
      const claimed = await claim();
      expect(await jobs.fail(claimed, { ...dead, retryAtMs: nowMs + 1_000 })).toBe(true);
      expect(await claimOrNull(nowMs + 999)).toBeNull();
      expect(await claim(nowMs + 1_000)).toMatchObject({ id: claimed.id, attempt: 2 });
      expect(await jobs.complete(claimed)).toBe(false);
    });

    it('keeps a dead job and gives it to nobody', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job({ payload: { blobKey: 'b' } })]);
      expect(await jobs.fail(await claim(), { ...dead, error: 'x\0\ud800'.repeat(9_000) })).toBe(true);
      expect(await jobs.claim({ kinds, nowMs: Number.MAX_SAFE_INTEGER, leaseMs: 0 })).toBeNull();
      expect(await jobs.counts()).toEqual({ ready: 0, leased: 0, dead: 1 });
      expect(await jobs.referencedBlobs(['b'])).toEqual(new Set());
    });

    it('gives a job again when its lease has run out, and then refuses the first holder', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job()]);
      const lost = await claim();
      expect(await claimOrNull(nowMs + leaseMs - 1)).toBeNull();
      const again = await claim(nowMs + leaseMs);
      expect(again).toMatchObject({ id: lost.id, attempt: 2 });
      expect(again.leaseToken).not.toBe(lost.leaseToken);
      expect(await jobs.complete(lost)).toBe(false);
      expect(await jobs.fail(lost, dead)).toBe(false);
      expect(await jobs.complete(again)).toBe(true);
    });

    it('gives jobs of the kinds that are wanted only, the oldest of them first', async () => {
      const { jobs } = fixture;
      const [slow, old, young] = [
        job({ kind: 'slow', runAtMs: nowMs - 3 }),
        job({ kind: 'quick', runAtMs: nowMs - 2 }),
        job({ kind: 'other', runAtMs: nowMs - 1 }),
      ];
      await jobs.enqueue([young, old, slow]);
      const next = (...wanted: string[]) => jobs.claim({ kinds: wanted, nowMs, leaseMs });
      expect(await next()).toBeNull();
      expect(await next('none')).toBeNull();
      expect(await next('other', 'quick')).toMatchObject({ id: old.id });
      expect(await next('other', 'quick')).toMatchObject({ id: young.id });
      expect(await next('other', 'quick')).toBeNull();
      expect(await next('slow')).toMatchObject({ id: slow.id });
    });

    it('counts a claim as it is told', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job()]);
      const giveBack = async (countsAs: JobFailure['countsAs']) =>
        jobs.fail(await claim(), { error: 'e', retryAtMs: nowMs, countsAs });
      await giveBack('nothing');
      await giveBack('postponed');
      await giveBack('postponed');
      await giveBack('attempt');
      expect(await claim()).toMatchObject({ attempt: 2, postponed: 2 });
    });

    it('keeps a job with its holder who extends the lease, until it is lost', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job()]);
      const held = await claim();
      expect(await jobs.extend({ ...held, leaseToken: 'of somebody else' }, nowMs)).toBe(false);
      expect(await jobs.extend(held, nowMs + 2 * leaseMs)).toBe(true);
      expect(await claimOrNull(nowMs + 2 * leaseMs - 1)).toBeNull();
      const again = await claim(nowMs + 2 * leaseMs);
      expect(await jobs.extend(held, nowMs + 9 * leaseMs)).toBe(false);
      expect(await claimOrNull(nowMs + 3 * leaseMs - 1)).toBeNull();
      expect(await jobs.complete(again)).toBe(true);
      expect(await jobs.extend(again, nowMs)).toBe(false);
    });

    it('lets a lease that ran out be extended as long as nobody else has the job', async () => {
      await fixture.jobs.enqueue([job()]);
      const held = await claim();
      expect(await fixture.jobs.extend(held, nowMs + 3 * leaseMs)).toBe(true);
      expect(await claimOrNull(nowMs + 2 * leaseMs)).toBeNull();
      expect(await fixture.jobs.complete(held)).toBe(true);
    });

    jobSubjectsContract(() => fixture.jobs);

    it('never gives one job to two claimers', async () => {
      const queues = [fixture.jobs, await fixture.connect(), await fixture.connect()];
      const all = Array.from({ length: 40 }, () => job());
      await fixture.jobs.enqueue(all);
      const taken: string[] = [];
      await Promise.all(
        queues.map(async (queue) => {
          for (;;) {
            const claimed = await queue.claim({ kinds, nowMs, leaseMs });
            if (claimed === null) return;
            taken.push(claimed.id);
          }
        }),
      );
      expect(taken.sort()).toEqual(all.map(({ id }) => id).sort());
    });

    it('spares the blobs that waiting and running jobs need', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job({ payload: { blobKey: 'running' } }), job({ payload: { blobKey: 7 } })]);
      await claim();
      await jobs.enqueue([job({ payload: { blobKey: 'waiting' }, runAtMs: nowMs + 9 })]);
      expect(await jobs.referencedBlobs(['running', 'waiting', 'other', '7'])).toEqual(
        new Set(['running', 'waiting']),
      );
    });

    it('keeps payload keys that name parts of objects as data', async () => {
      const payload = JSON.parse('{"__proto__":{"x":1},"constructor":"y"}');
      await fixture.jobs.enqueue([job({ payload })]);
      expect(Object.entries((await claim()).payload)).toEqual(Object.entries(payload));
    });

    it('changes nothing when it was aborted', async () => {
      const { jobs } = fixture;
      const reason = new Error('shutting down');
      const options = { signal: AbortSignal.abort(reason) };
      await expect(jobs.enqueue([job()], options)).rejects.toBe(reason);
      await jobs.enqueue([job()]);
      await expect(jobs.claim({ kinds, nowMs, leaseMs }, options)).rejects.toBe(reason);
      expect(await jobs.counts()).toEqual({ ready: 1, leased: 0, dead: 0 });
    });
  });
}
