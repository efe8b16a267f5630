import { describe, expect, test } from 'vitest';
import type { FileStatus, QueueFile } from '../core/queue-file.js';
import { createTranslate } from '../locales/text.js';
import { createProgressTeller } from './progress-teller.js';

const file = (sentBytes: number, status: FileStatus = 'uploading') =>
  ({ size: 1000, sentBytes, status }) as QueueFile;

function telling() {
  const clock = { ms: 1_000_000 };
  const tell = createProgressTeller(createTranslate(), () => clock.ms);
  return (afterMs: number, ...files: QueueFile[]) => {
    clock.ms += afterMs;
    return tell(files);
  };
}

describe('progress for screen readers', () => {
  test('a quarter of the whole at a time', () => {
    const after = telling();
    const said = [0, 100, 260, 300, 510, 770, 1000].map((sent) => after(6000, file(sent)));
    expect(said).toEqual([
      ...[null, null, '25 percent uploaded', null, '50 percent uploaded', '75 percent uploaded', null],
    ]);
  });

  test('not more often than every five seconds, and then the newest', () => {
    const after = telling();
    expect([after(0, file(0)), after(1000, file(300)), after(1000, file(600))]).toEqual([null, null, null]);
    expect([after(3000, file(600)), after(4999, file(800)), after(1, file(800))]).toEqual([
      '50 percent uploaded',
      null,
      '75 percent uploaded',
    ]);
  });

  test('a new queue begins at its beginning', () => {
    const after = telling();
    after(0, file(0));
    expect(after(6000, file(900))).toBe('75 percent uploaded');
    expect(after(6000, file(1000, 'done'))).toBeNull();
    expect(after(60_000, file(1000, 'done'), file(0))).toBeNull();
    expect(after(6000, file(1000, 'done'), file(10))).toBe('50 percent uploaded');
  });

  test('offline is said at once, and once', () => {
    const after = telling();
    after(0, file(0));
    expect(after(10, file(0, 'offline'))).toBe('You are offline. The uploads go on when you are back.');
    expect(after(10_000, file(0, 'offline'))).toBeNull();
    expect(after(10, file(10))).toBeNull();
    expect(after(10, file(10, 'offline'))).toBe('You are offline. The uploads go on when you are back.');
  });

  test('files of unknown size have no percent', () => {
    const after = telling();
    const remote = { size: 0, sentBytes: 0, status: 'uploading' } as QueueFile;
    expect([after(0, remote), after(10_000, remote)]).toEqual([null, null]);
  });
});
