import { randomUUID } from 'node:crypto';
import { ApiError } from '@counterseal/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { openJobQueue } from '../adapters/sql/job-queue.js';
import { temporaryDatabase } from '../adapters/sql/temporary-database.test-support.js';
import { startJobRunner } from './run-jobs.js';

const clock = { now: () => Date.now() };
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function queueWithOneJob() {
  const files = await temporaryDatabase();
  onTestFinished(files.remove);
  const queue = openJobQueue(await files.connect());
  await queue.enqueue([
    { id: randomUUID(), kind: 'fetch', cloud: 'demo', payload: {}, runAtMs: clock.now() },
  ]);
  return queue;
}

it('gives the job in hand back when it stops, whatever error that ends it with', async () => {
  const queue = await queueWithOneJob();
  let begun = () => {};
  const begins = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const fetch = (_: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new ApiError('empty-file')));
      begun();
    });
  const runner = startJobRunner({ fetch }, { queue, clock, logger });
  await begins;
  await runner.stop();
  expect(await queue.counts()).toEqual({ ready: 1, leased: 0, dead: 0 });
  expect(await queue.claim({ nowMs: clock.now(), leaseMs: 1000 })).toMatchObject({
    kind: 'fetch',
    attempt: 2,
  });
});

it('keeps a job as dead that no retry can mend', async () => {
  const queue = await queueWithOneJob();
  const fetch = async () => {
    throw new ApiError('empty-file');
  };
  const runner = startJobRunner({ fetch }, { queue, clock, logger });
  await expect.poll(() => queue.counts()).toEqual({ ready: 0, leased: 0, dead: 1 });
  await runner.stop();
});
