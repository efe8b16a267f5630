import { describe, expect, it } from 'vitest';
import type { AssetAddress } from '../ports/asset-store.js';
import { type CacheableAnswer, createDeliveryCache } from './delivery-cache.js';

interface TestAnswer extends CacheableAnswer {
  readonly name: string;
  readonly holds: () => number;
}

function answer(name: string, facts: { memoryBytes?: number; holdsFile?: boolean } = {}): TestAnswer {
  let holds = 1;
  return {
    name,
    memoryBytes: facts.memoryBytes ?? 100,
    holdsFile: facts.holdsFile ?? false,
    holds: () => holds,
    retain: () => {
      holds++;
    },
    release: () => {
      holds--;
    },
  };
}

const address = (publicId: string, changes: Partial<AssetAddress> = {}): AssetAddress => ({
  cloud: 'demo',
  resourceType: 'image',
  type: 'upload',
  publicId,
  ...changes,
});

const accept = (value: string) => (names: readonly string[]) => names.map(() => value).join('|');
const none = accept('');

function setUp(options: { maxMemoryBytes?: number; maxOpenFiles?: number } = {}) {
  const time = { nowMs: 1_000_000 };
  const cache = createDeliveryCache<TestAnswer>({
    clock: { now: () => time.nowMs },
    recheckMs: 1_000,
    ...options,
  });
  const put = (path: string, publicId: string, given = answer(path), vary: string[] = [], variant = none) =>
    cache.put(
      { path, vary, variant },
      { address: address(publicId), validator: 'v', answer: given },
      cache.ticket(),
    );
  const found = (path: string, variant = none) => cache.find(path, variant)?.entry.answer.name ?? null;
  return { time, cache, put, found };
}

describe('delivery cache', () => {
  it('finds by complete path, fresh for the recheck time only', () => {
    const { cache, put, time } = setUp();
    put('/a.jpg', 'a');
    expect(cache.find('/a.jpg', none)?.fresh).toBe(true);
    expect(cache.find('/s--AAAAAAAA--/a.jpg', none)).toBeNull();
    time.nowMs += 999;
    expect(cache.find('/a.jpg', none)?.fresh).toBe(true);
    time.nowMs += 1;
    const stale = cache.find('/a.jpg', none);
    expect(stale?.fresh).toBe(false);
    if (stale !== null) cache.confirm(stale.entry);
    expect(cache.find('/a.jpg', none)?.fresh).toBe(true);
    time.nowMs -= 10;
    expect(cache.find('/a.jpg', none)?.fresh).toBe(false);
  });

  it('forgets exactly the answers of the asset that changed', () => {
    const { cache, put, found } = setUp();
    const answers = ['/a.jpg', '/w_1/a.jpg', '/b.jpg'].map((path) => answer(path));
    put('/a.jpg', 'a', answers[0]);
    put('/w_1/a.jpg', 'a', answers[1]);
    put('/b.jpg', 'b', answers[2]);
    cache.invalidate(address('a', { type: 'private' }));
    cache.invalidate(address('a', { cloud: 'other' }));
    expect(found('/a.jpg')).toBe('/a.jpg');
    cache.invalidate(address('a'));
    expect([found('/a.jpg'), found('/w_1/a.jpg'), found('/b.jpg')]).toEqual([null, null, '/b.jpg']);
    expect(answers.map(({ holds }) => holds())).toEqual([1, 1, 2]);
    cache.invalidateCloud('demo');
    expect(found('/b.jpg')).toBeNull();
  });

  it('does not keep an answer that was read before an invalidation', () => {
    const { cache, found } = setUp();
    const ticket = cache.ticket();
    cache.invalidate(address('a'));
    const late = answer('late');
    const kept = cache.put(
      { path: '/a.jpg', vary: [], variant: none },
      { address: address('a'), validator: 'v', answer: late },
      ticket,
    );
    expect([kept, found('/a.jpg'), late.holds()]).toEqual([false, null, 1]);
  });

  it('keeps the variants of one URL apart', () => {
    const { put, found, cache } = setUp();
    put('/a', 'a', answer('webp'), ['Accept'], accept('image/webp'));
    put('/a', 'a', answer('jpg'), ['Accept'], accept(''));
    expect(found('/a', accept('image/webp'))).toBe('webp');
    expect(found('/a', accept(''))).toBe('jpg');
    expect(found('/a', accept('image/avif'))).toBeNull();
    put('/a', 'a', answer('plain'));
    expect(found('/a', accept('image/webp'))).toBe('plain');
    put('/a', 'a', answer('again'), ['Accept'], accept('x'));
    expect(found('/a', accept('x'))).toBe('again');
    cache.drop('/a', accept('x'));
    expect(found('/a', accept('x'))).toBeNull();
  });

  it('stays within its bytes and its descriptors, and releases what it evicts', () => {
    const { cache, put } = setUp({ maxMemoryBytes: 50_000, maxOpenFiles: 3 });
    const small = Array.from({ length: 50 }, (_, index) => answer(`m${index}`, { memoryBytes: 3_000 }));
    const files = Array.from({ length: 10 }, (_, index) =>
      answer(`f${index}`, { memoryBytes: 0, holdsFile: true }),
    );
    for (const item of small) put(`/${item.name}`, item.name, item);
    for (const item of files) put(`/${item.name}`, item.name, item);
    expect(cache.stats().memoryBytes).toBeLessThanOrEqual(50_000);
    expect(cache.stats().openFiles).toBe(3);
    const held = [...small, ...files].filter(({ holds }) => holds() === 2);
    expect(held.length).toBe(cache.stats().answers);
    expect(put('/huge', 'huge', answer('huge', { memoryBytes: 60_000 }))).toBe(false);
    cache.clear();
    expect([...small, ...files].every(({ holds }) => holds() === 1)).toBe(true);
    expect(cache.stats()).toEqual({ answers: 0, memoryBytes: 0, openFiles: 0 });
  });
});
