import { describe, expect, it } from 'vitest';
import type { Job, JobFailure, JobQueue, NewJob } from '../job-queue.js';
import { job, nowMs } from './asset-samples.contract.js';

const subject = 'demo/upload/cat';
const leaseMs = 30_000;
const dead: JobFailure = { error: 'e', retryAtMs: null, countsAs: 'attempt' };

/** The part of the JobQueue contract about jobs that change one thing. */
export function jobSubjectsContract(jobs: () => JobQueue): void {
  describe('jobs with one subject', () => {
    const claimOrNull = (atMs = nowMs) => jobs().claim({ kinds: ['fetch', 'render'], nowMs: atMs, leaseMs });

    async function claim(atMs = nowMs): Promise<Job> {
      const claimed = await claimOrNull(atMs);
      if (claimed === null) throw new Error('no job to claim');
      return claimed;
    }

    /** All due at one moment and put in by a call each: their order is that of the calls. */
    async function enqueueThree(): Promise<readonly [NewJob, NewJob, NewJob]> {
      const three = [
        job({ kind: 'fetch', subject }),
        job({ kind: 'render', subject }),
        job({ kind: 'fetch', subject }),
      ] as const;
      for (const one of three) await jobs().enqueue([one]);
      return three;
    }

    it('are given one after the other in the order they were put in, whatever their kinds', async () => {
      for (const { id } of await enqueueThree()) {
        const held = await claim();
        expect(held.id).toBe(id);
        expect(await claimOrNull()).toBeNull();
        await jobs().complete(held);
      }
      expect(await claimOrNull()).toBeNull();
    });

    it('hold up no other subject, and none of those without one', async () => {
      await enqueueThree();
      const others = [
        job({ kind: 'fetch', subject: 'demo/upload/dog' }),
        job({ kind: 'render' }),
        job({ kind: 'render' }),
      ];
      const held = await claim();
      await jobs().enqueue(others);
      const taken = [await claim(), await claim(), await claim()].map(({ id }) => id);
      expect(taken.sort()).toEqual(others.map(({ id }) => id).sort());
      expect(held.subject).toBe(subject);
      expect(await claimOrNull()).toBeNull();
    });

    it('keep their order within one call, and when a later one is due first', async () => {
      const all = [3, 1, 2].map((at) => job({ kind: 'fetch', subject, runAtMs: nowMs - 10 - at }));
      await jobs().enqueue(all);
      for (const { id } of all) {
        const held = await claim();
        expect(held.id).toBe(id);
        await jobs().complete(held);
      }
    });

    it('wait while the one before them waits for its retry, and not for one that is dead', async () => {
      const [first, second, third] = await enqueueThree();
      await jobs().fail(await claim(), { ...dead, retryAtMs: nowMs + 5 });
      expect(await claimOrNull()).toBeNull();
      const again = await claim(nowMs + 5);
      expect(again.id).toBe(first.id);
      await jobs().fail(again, dead);
      const next = await claim();
      expect(next.id).toBe(second.id);
      await jobs().complete(next);
      expect((await claim()).id).toBe(third.id);
    });

    it('wait while the one before them is given again because its lease ran out', async () => {
      const [first] = await enqueueThree();
      await claim();
      expect((await claim(nowMs + leaseMs)).id).toBe(first.id);
      expect(await claimOrNull(nowMs + leaseMs)).toBeNull();
    });

    it('stand before one that comes while they wait, and do not wait for one that died before they came', async () => {
      await jobs().enqueue([job({ kind: 'fetch', subject })]);
      await jobs().fail(await claim(), dead);
      const [first, second] = await enqueueThree();
      const held = await claim();
      expect(held.id).toBe(first.id);
      await jobs().enqueue([job({ kind: 'fetch', subject, runAtMs: 0 })]);
      await jobs().complete(held);
      expect((await claim()).id).toBe(second.id);
      expect(await claimOrNull()).toBeNull();
    });

    it('are let go by nobody but the holder of the one before them', async () => {
      await enqueueThree();
      const held = await claim();
      const asNobody = { ...held, leaseToken: 'of somebody else' };
      expect(await jobs().complete(asNobody)).toBe(false);
      expect(await jobs().fail(asNobody, dead)).toBe(false);
      expect(await claimOrNull()).toBeNull();
    });
  });
}
