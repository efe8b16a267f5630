import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.js';

function queueOf(...entries: readonly (readonly [client: string, item: number])[]): FairQueue<number> {
  const queue = new FairQueue<number>();
  for (const [client, item] of entries) queue.push(client, item);
  return queue;
}

const order = (queue: FairQueue<number>) => {
  const items: number[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
};

describe('the queue', () => {
  it.each<[string, [string, number][], number[]]>([
    [
      'keeps the order of one client',
      [
        ['a', 1],
        ['a', 2],
        ['a', 3],
      ],
      [1, 2, 3],
    ],
    [
      'lets clients take turns',
      [
        ['a', 1],
        ['a', 2],
        ['a', 3],
        ['b', 4],
        ['c', 5],
        ['b', 6],
      ],
      [1, 4, 5, 2, 6, 3],
    ],
    ['is empty at first', [], []],
  ])('%s', (_, entries, expected) => {
    const queue = queueOf(...entries);
    expect(queue.length).toBe(entries.length);
    expect(order(queue)).toEqual(expected);
    expect(queue.length).toBe(0);
  });

  it('gives a client that has just had its turn the last place', () => {
    const queue = queueOf(['a', 1], ['b', 2], ['c', 3]);
    expect(queue.shift()).toBe(1);
    queue.push('a', 4);
    expect(order(queue)).toEqual([2, 3, 4]);
  });

  it('forgets who left, and knows how many each client has waiting', () => {
    const queue = queueOf(['a', 1], ['a', 2], ['b', 3]);
    queue.remove('a', 1);
    queue.remove('a', 1);
    queue.remove('b', 3);
    queue.remove('nobody', 3);
    expect([queue.length, queue.lengthOf('a'), queue.lengthOf('b')]).toEqual([1, 1, 0]);
    expect(order(queue)).toEqual([2]);
  });

  it('gives up the last of who has most waiting, of nobody who has as little as the others', () => {
    const queue = queueOf(['own', 1], ['own', 2], ['own', 3], ['a', 4], ['b', 5], ['b', 6]);
    const take = () => queue.takeFromLongest({ moreThan: 1, except: 'own' });
    expect([take(), take(), queue.length]).toEqual([6, undefined, 5]);
    expect(order(queue)).toEqual([1, 4, 5, 2, 3]);
  });

  it('gives up everybody at once', () => {
    const queue = queueOf(['a', 1], ['b', 2], ['a', 3]);
    expect(queue.drain().sort()).toEqual([1, 2, 3]);
    expect([queue.length, queue.shift()]).toEqual([0, undefined]);
  });
});
