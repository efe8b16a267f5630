import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DuplicateError } from '../io.js';
import type { Job, JobQueue } from '../job-queue.js';
import { job, nowMs } from './asset-samples.contract.js';

export interface JobQueueFixture {
  readonly jobs: JobQueue;
  /** Another, independent connection to the same data. */
  connect(): Promise<JobQueue>;
  close(): Promise<void>;
}

const leaseMs = 30_000;

/** What every JobQueue must do. `open` gives an empty queue each time. */
export function jobQueueContract(name: string, open: () => Promise<JobQueueFixture>): void {
  describe(`JobQueue: ${name}`, () => {
    let fixture: JobQueueFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    async function claim(atMs = nowMs): Promise<Job> {
      const claimed = await fixture.jobs.claim({ nowMs: atMs, leaseMs });
      if (claimed === null) throw new Error('no job to claim');
      return claimed;
    }

    it('answers null, false and zero when it is empty', async () => {
      const { jobs } = fixture;
      expect(await jobs.claim({ nowMs, leaseMs })).toBeNull();
      expect(await jobs.complete({ id: 'none', leaseToken: 'none' })).toBe(false);
      expect(await jobs.fail({ id: 'none', leaseToken: 'none' }, { error: 'e', retryAtMs: null })).toBe(
        false,
      );
      expect(await jobs.counts()).toEqual({ ready: 0, leased: 0, dead: 0 });
      expect(await jobs.referencedBlobs([])).toEqual(new Set());
    });

    it('gives jobs back as they were put in, the oldest first, when they are due', async () => {
      const { jobs } = fixture;
      const later = job({ runAtMs: nowMs + 1 });
      const first = job({
        runAtMs: nowMs - 1,
        kind: 'eager',
        payload: { a: [1, { b: null }], text: `'"\u{1f600}` },
      });
      const second = job({ runAtMs: nowMs });
      await jobs.enqueue([later, second, first]);
      expect(await claim()).toEqual({ ...first, attempt: 1, leaseToken: expect.any(String) });
      expect(await claim()).toMatchObject({ id: second.id });
      expect(await jobs.claim({ nowMs, leaseMs })).toBeNull();
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
      expect(await jobs.fail(claimed, { error: 'no answer', retryAtMs: nowMs + 1_000 })).toBe(true);
      expect(await jobs.claim({ nowMs: nowMs + 999, leaseMs })).toBeNull();
      expect(await claim(nowMs + 1_000)).toMatchObject({ id: claimed.id, attempt: 2 });
      expect(await jobs.complete(claimed)).toBe(false);
    });

    it('keeps a dead job and gives it to nobody', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job({ payload: { blobKey: 'b' } })]);
      expect(await jobs.fail(await claim(), { error: 'x\0\ud800'.repeat(9_000), retryAtMs: null })).toBe(
        true,
      );
      expect(await jobs.claim({ nowMs: Number.MAX_SAFE_INTEGER, leaseMs: 0 })).toBeNull();
      expect(await jobs.counts()).toEqual({ ready: 0, leased: 0, dead: 1 });
      expect(await jobs.referencedBlobs(['b'])).toEqual(new Set());
    });

    it('gives a job again when its lease has run out, and then refuses the first holder', async () => {
      const { jobs } = fixture;
      await jobs.enqueue([job()]);
      const lost = await claim();
      expect(await jobs.claim({ nowMs: nowMs + leaseMs - 1, leaseMs })).toBeNull();
      const again = await claim(nowMs + leaseMs);
      expect(again).toMatchObject({ id: lost.id, attempt: 2 });
      expect(again.leaseToken).not.toBe(lost.leaseToken);
      expect(await jobs.complete(lost)).toBe(false);
      expect(await jobs.fail(lost, { error: 'late', retryAtMs: null })).toBe(false);
      expect(await jobs.complete(again)).toBe(true);
    });

    it('never gives one job to two claimers', async () => {
      const queues = [fixture.jobs, await fixture.connect(), await fixture.connect()];
      const all = Array.from({ length: 40 }, () => job());
      await fixture.jobs.enqueue(all);
      const taken: string[] = [];
      await Promise.all(
        queues.map(async (queue) => {
          for (;;) {
            const claimed = await queue.claim({ nowMs, leaseMs });
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
      await expect(jobs.claim({ nowMs, leaseMs }, options)).rejects.toBe(reason);
      expect(await jobs.counts()).toEqual({ ready: 1, leased: 0, dead: 0 });
    });
  });
}
