import { describe, expect, it } from 'vitest';
import { newSubject, type Operation, possibleContents, recordSight } from './ledger.js';

const operation = (content: string | null, startedAtMs: number, endedAtMs: number, acknowledged = true) => ({
  content,
  startedAtMs,
  endedAtMs,
  acknowledged,
});
const subject = (...operations: Operation[]) => {
  const made = newSubject({ resourceType: 'image', type: 'upload', publicId: 'x' });
  made.operations.push(...operations);
  return made;
};
const possible = (...operations: Operation[]) => [...possibleContents(subject(...operations))];

describe('what may stand at a public id', () => {
  it.each<[string, Operation[], (string | null)[]]>([
    ['nothing, at first', [], [null]],
    ['what was acknowledged, and only that', [operation('a', 1, 2)], ['a']],
    ['what was not acknowledged, or nothing', [operation('a', 1, 2, false)], [null, 'a']],
    ['either of two at once', [operation('a', 1, 4), operation('b', 2, 3)], ['a', 'b']],
    ['the later of two in turn', [operation('a', 1, 2), operation('b', 3, 4)], ['b']],
    [
      'the old one while the new one is not acknowledged',
      [operation('a', 1, 2), operation('b', 3, 4, false)],
      ['a', 'b'],
    ],
    ['nothing after an acknowledged removal', [operation('a', 1, 2), operation(null, 3, 4)], [null]],
    [
      'what was promised for later beside what is there',
      [operation('a', 1, Number.POSITIVE_INFINITY, false)],
      [null, 'a'],
    ],
  ])('is %s', (_, operations, expected) => {
    expect(possible(...operations)).toEqual(expected);
  });

  it('is what was seen, from then on', () => {
    const seen = subject(operation('a', 1, 2, false));
    recordSight(seen, null, 5);
    expect([...possibleContents(seen)]).toEqual([null]);
  });
});
