import { expect, test } from 'vitest';
import { bar, createProgress } from './progress.js';

test.each([
  [0, 2_000_000, '[..............................]   0 %  0.0 of 2.0 MB'],
  [1_000_000, 2_000_000, '[###############...............]  50 %  1.0 of 2.0 MB'],
  [2_000_000, 2_000_000, '[##############################] 100 %  2.0 of 2.0 MB'],
  [0, 0, '[##############################] 100 %  0.0 of 0.0 MB'],
])('%d of %d bytes', (sent, total, drawn) => {
  expect(bar(sent, total)).toBe(drawn);
});

test('draws at most ten times a second, and always the end', () => {
  let nowMs = 0;
  const drawn: string[] = [];
  const context = { err: (text: string) => void drawn.push(text), errIsTerminal: true };
  const progress = createProgress(context, () => nowMs);
  for (let sent = 1; sent <= 100; sent += 1) {
    progress.update(sent, 100);
    nowMs += 5;
  }
  progress.end();
  expect(drawn).toHaveLength(5 + 1 + 1);
  expect(drawn.at(-2)).toContain('100 %');
});

test('is silent where there is no terminal', () => {
  const drawn: string[] = [];
  const progress = createProgress({ err: (text) => void drawn.push(text), errIsTerminal: false });
  progress.update(1, 2);
  progress.end();
  expect(drawn).toEqual([]);
});
