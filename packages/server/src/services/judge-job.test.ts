import { ApiError } from '@counterseal/protocol';
import { describe, expect, it } from 'vitest';
import { StorageFullError } from '../ports/blob-store.js';
import { StoreBusyError } from '../ports/io.js';
import { RendererBusyError } from '../ports/renderer.js';
import { judgeJob } from './judge-job.js';

const seconds = (count: number) => count * 1000;
const fresh = { attempt: 1, postponed: 0 };

describe('judgeJob', () => {
  it.each([
    ['a mistake of the request', new ApiError('empty-file'), fresh, null],
    ['an error nobody foresaw', new Error('odd'), fresh, seconds(2)],
    ['an error of ours', new ApiError('internal'), fresh, seconds(2)],
    ['one on the fourth attempt', new Error('odd'), { attempt: 4, postponed: 0 }, seconds(16)],
    ['one on the last attempt', new Error('odd'), { attempt: 5, postponed: 0 }, null],
    ['one after it was put off often', new Error('odd'), { attempt: 1, postponed: 500 }, seconds(2)],
    ['no error at all', 'odd', fresh, seconds(2)],
  ])('counts %s as an attempt', (_, error, job, pauseMs) => {
    expect(judgeJob(job, error)).toEqual({ countsAs: 'attempt', pauseMs });
  });

  it.each([
    ['a busy renderer', new RendererBusyError('full')],
    ['a busy database', new StoreBusyError('busy')],
    ['a full disk', new StorageFullError('full')],
  ])('puts a job off that met %s, on its last attempt too', (_, error) => {
    expect(judgeJob({ attempt: 5, postponed: 0 }, error)).toEqual({
      countsAs: 'postponed',
      pauseMs: seconds(2),
    });
  });

  it('lets it come less and less often, for three days', () => {
    const pauses: number[] = [];
    for (;;) {
      const { pauseMs } = judgeJob({ attempt: 1, postponed: pauses.length }, new StorageFullError('full'));
      if (pauseMs === null) break;
      pauses.push(pauseMs);
    }
    expect(pauses.slice(0, 9)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300].map(seconds));
    expect(Math.max(...pauses)).toBe(seconds(300));
    const days = pauses.reduce((sum, pause) => sum + pause) / seconds(86_400);
    expect(days).toBeCloseTo(3, 1);
  });
});
