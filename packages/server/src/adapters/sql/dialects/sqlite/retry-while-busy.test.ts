import { describe, expect, it } from 'vitest';
import { retryWhileBusy } from './retry-while-busy.js';

const failure = (errcode: number) => Object.assign(new Error('engine'), { errcode });
const BUSY = 5;
const BUSY_SNAPSHOT = 517;
const CONSTRAINT = 2067;

describe('retryWhileBusy', () => {
  it.each([BUSY, BUSY_SNAPSHOT])('tries again after code %d', async (code) => {
    let attempts = 0;
    const answer = await retryWhileBusy(() => {
      attempts += 1;
      if (attempts < 4) throw failure(code);
      return 'done';
    });
    expect([answer, attempts]).toEqual(['done', 4]);
  });

  it('gives up after the time it has', async () => {
    let attempts = 0;
    const trying = retryWhileBusy(() => {
      attempts += 1;
      throw failure(BUSY);
    }, 30);
    await expect(trying).rejects.toMatchObject({ name: 'StoreBusyError', cause: { errcode: BUSY } });
    expect(attempts).toBeGreaterThan(1);
  });

  it.each([failure(CONSTRAINT), new Error('plain')])('does not try again after %s', async (error) => {
    let attempts = 0;
    const trying = retryWhileBusy(() => {
      attempts += 1;
      throw error;
    });
    await expect(trying).rejects.toBe(error);
    expect(attempts).toBe(1);
  });
});
