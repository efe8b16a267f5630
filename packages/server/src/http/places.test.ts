import { expect, it } from 'vitest';
import { createPlaces, type PlaceLimits } from './places.js';

const limits: PlaceLimits = {
  max: 3,
  maxOfNetwork: 2,
  maxWaiting: 4,
  maxWaitingOfNetwork: 3,
  waitMs: 10_000,
  retryAfterSeconds: 5,
};
const nobodyLeaves = new AbortController().signal;
const busy = { code: 'busy', retryAfterSeconds: 5 };

/** Work that goes on until it is ended, in the order in which it began. */
function world(changes: Partial<PlaceLimits> = {}) {
  const places = createPlaces({ ...limits, ...changes });
  const running = new Map<string, () => void>();
  const enter = (name: string, signal = nobodyLeaves) => {
    const [network = ''] = name;
    return places.run(network, signal, async () => {
      await new Promise<void>((resolve) => running.set(name, resolve));
      return name;
    });
  };
  const end = async (name: string) => {
    running.get(name)?.();
    running.delete(name);
    await new Promise(setImmediate);
  };
  return { enter, end, running: () => [...running.keys()] };
}

it('gives a network its share, the others the rest, and each a place when one is free', async () => {
  const { enter, end, running } = world();
  const all = Promise.all(['a1', 'a2', 'a3', 'b1', 'a4', 'c1'].map((name) => enter(name)));
  await end('nobody');
  expect(running()).toEqual(['a1', 'a2', 'b1']);
  // The first in line that may have the place: a3 would be the third of its network.
  await end('b1');
  expect(running()).toEqual(['a1', 'a2', 'c1']);
  await end('a1');
  expect(running()).toEqual(['a2', 'c1', 'a3']);
  for (const name of ['c1', 'a2', 'a3']) await end(name);
  expect(running()).toEqual(['a4']);
  await end('a4');
  expect(await all).toEqual(['a1', 'a2', 'a3', 'b1', 'a4', 'c1']);
});

it('refuses who waited too long, or comes when too many wait', async () => {
  const { enter, end, running } = world({ max: 2, waitMs: 100, maxWaiting: 2, maxWaitingOfNetwork: 1 });
  const first = [enter('a1'), enter('a2')];
  const wait = [enter('a3'), enter('b1')].map((entering) => expect(entering).rejects.toMatchObject(busy));
  await expect(enter('a4')).rejects.toMatchObject(busy);
  await expect(enter('c1')).rejects.toMatchObject(busy);
  await Promise.all(wait);
  expect(running()).toEqual(['a1', 'a2']);
  for (const name of running()) await end(name);
  expect(await Promise.all(first)).toEqual(['a1', 'a2']);
});

it('forgets who leaves, and has a place again when the work fails', async () => {
  const { enter, end, running } = world({ max: 1 });
  const first = enter('a1');
  const leaver = new AbortController();
  const left = enter('b1', leaver.signal);
  const last = enter('c1');
  leaver.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(enter('d1', leaver.signal)).rejects.toThrow('gone');
  await end('a1');
  expect(running()).toEqual(['c1']);
  await end('c1');
  expect(await Promise.all([first, last])).toEqual(['a1', 'c1']);

  const places = createPlaces({ ...limits, max: 1 });
  const failing = () => places.run('a', nobodyLeaves, () => Promise.reject(new Error('no')));
  await expect(failing()).rejects.toThrow('no');
  await expect(failing()).rejects.toThrow('no');
});
