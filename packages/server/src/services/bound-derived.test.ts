import { expect, it } from 'vitest';
import { createBoundDerived } from './bound-derived.js';

const blockBytes = 4096;

/** A store of rows of one block each, oldest first. */
function setUp(maxBytes: number) {
  const rows: string[] = [];
  const deleted: string[] = [];
  const logged: string[] = [];
  const state = { looks: 0, letGo: 0, failing: false };
  const log = (message: string) => void logged.push(message);
  const bound = createBoundDerived({
    assets: {
      derivedOnRequestBytes: async () => {
        state.looks++;
        if (state.failing) throw new Error('no database');
        return rows.length * blockBytes;
      },
      dropOldestDerived: async ({ bytes, limit }) => {
        const blobKeys = rows.splice(0, Math.min(limit, Math.ceil(bytes / blockBytes)));
        return { blobKeys, bytes: blobKeys.length * blockBytes };
      },
    },
    blobs: {
      delete: async (key) => {
        deleted.push(key);
      },
    },
    logger: { debug: log, info: log, warn: log, error: log },
    dropped: () => {
      state.letGo++;
    },
    maxBytes,
  });
  const store = async (key: string) => {
    rows.push(key);
    await bound.stored(1);
  };
  return { bound, rows, deleted, logged, state, store };
}

it('drops the oldest rows with their files when all take too much, and more than one so that it need not look each time', async () => {
  const { rows, deleted, logged, state, store } = setUp(1000 * blockBytes);
  for (let at = 0; at < 1500; at++) await store(`key-${at}`);
  expect(rows.length).toBeLessThanOrEqual(1063);
  expect(rows.length).toBeGreaterThanOrEqual(900);
  expect(rows.at(-1)).toBe('key-1499');
  expect(deleted).toEqual(Array.from({ length: deleted.length }, (_, at) => `key-${at}`));
  expect(deleted.length + rows.length).toBe(1500);
  expect(state.looks).toBeLessThan(30);
  expect(new Set(logged)).toEqual(new Set(['dropped the oldest derivatives made on request']));
});

it('adds up once, however many it drops', async () => {
  const { bound, rows, deleted, state } = setUp(1000 * blockBytes);
  rows.push(...Array.from({ length: 2000 }, (_, at) => `key-${at}`));
  await bound.enforce();
  expect([state.looks, rows.length, deleted.length]).toEqual([1, 900, 1100]);
  expect(state.letGo).toBe(1);
});

it('leaves alone what fits', async () => {
  const { bound, rows, deleted, logged, state, store } = setUp(10 * blockBytes);
  for (let at = 0; at < 10; at++) await store(`key-${at}`);
  await bound.enforce();
  expect([rows.length, deleted, logged, state.letGo]).toEqual([10, [], [], 0]);
});

it('keeps nothing when nothing may be kept', async () => {
  const { rows, store } = setUp(0);
  await store('key');
  expect(rows).toEqual([]);
});

it('looks once for many who ask at one time, and survives a failure', async () => {
  const { bound, rows, logged, state } = setUp(0);
  rows.push('key');
  state.failing = true;
  await Promise.all([bound.enforce(), bound.enforce(), bound.enforce()]);
  expect([state.looks, rows, logged]).toEqual([1, ['key'], ['derivatives could not be dropped']]);
  state.failing = false;
  await bound.enforce();
  expect(rows).toEqual([]);
});

it('says nothing of a look that the end of the server broke off', async () => {
  const { bound, logged, state } = setUp(0);
  state.failing = true;
  await bound.enforce({ signal: AbortSignal.abort() });
  expect(logged).toEqual([]);
});
