import { LRUCache } from 'lru-cache';
import type { AssetAddress } from '../ports/asset-store.js';
import type { Clock } from '../ports/clock.js';

/** Bodies kept in memory, all together. */
export const defaultMemoryBytes = 64 * 1024 * 1024;
/** Descriptors kept open for files that are too large for memory. */
export const defaultOpenFiles = 256;
/**
 * How long an answer is given without asking the stores again. An overwrite, a delete, a disabled key or a changed named
 * transformation of *another* process shows within this time (this process invalidates at once).
 */
export const defaultRecheckMs = 1_000;

/** What headers, key and bookkeeping of one entry weigh, roughly. */
const overheadBytes = 2_048;
/** URLs remembered to have several variants. */
const maxVaryingUrls = 20_000;

/** An answer as the cache sees it: counted, so that an evicted one survives the requests that are sending it. */
export interface CacheableAnswer {
  /** Bytes of the body when it is held in memory, else 0. */
  readonly memoryBytes: number;
  readonly holdsFile: boolean;
  retain(): void;
  release(): void;
}

/** An authorised answer and what it rests on. */
export interface CacheEntry<A extends CacheableAnswer> {
  readonly address: AssetAddress;
  /** Names everything the answer depends on; equal text, equal answer. Compared when the entry is rechecked. */
  readonly validator: string;
  readonly answer: A;
}

/** Client hints by header name, lower case. */
export type Variant = (headerNames: readonly string[]) => string;

/** Taken before the stores are read; an answer built on reads from before an invalidation is not kept. */
export type CacheTicket = { readonly epoch: number };

/**
 * Finished answers by complete raw URL path, signature included, so that whatever the URL was allowed once stays bound to that
 * very URL. Byte-bounded LRU for small bodies, count-bounded LRU for kept descriptors (threat model T30, T31).
 */
export interface DeliveryCache<A extends CacheableAnswer> {
  find(path: string, variant: Variant): { entry: CacheEntry<A>; fresh: boolean } | null;
  ticket(): CacheTicket;
  /** Keeps one hold of the answer. `vary`: request headers that choose between answers of one URL. */
  put(
    at: { path: string; vary: readonly string[]; variant: Variant },
    entry: CacheEntry<A>,
    ticket: CacheTicket,
  ): boolean;
  /** The stores were asked and the entry still holds. */
  confirm(entry: CacheEntry<A>): void;
  drop(path: string, variant: Variant): void;
  /** Forgets every answer made of this asset. Call it after each commit that changes or removes the asset. */
  invalidate(address: AssetAddress): void;
  /** Forgets every answer of a cloud: a named transformation or a whole set of derivatives has changed. */
  invalidateCloud(cloud: string): void;
  clear(): void;
  stats(): { answers: number; memoryBytes: number; openFiles: number };
}

export interface DeliveryCacheOptions {
  readonly clock: Clock;
  readonly maxMemoryBytes?: number;
  readonly maxOpenFiles?: number;
  readonly recheckMs?: number;
}

interface Slot<A extends CacheableAnswer> {
  readonly entry: CacheEntry<A>;
  checkedAtMs: number;
}

export function createDeliveryCache<A extends CacheableAnswer>(
  options: DeliveryCacheOptions,
): DeliveryCache<A> {
  const { clock } = options;
  const maxMemoryBytes = options.maxMemoryBytes ?? defaultMemoryBytes;
  const maxOpenFiles = options.maxOpenFiles ?? defaultOpenFiles;
  const recheckMs = options.recheckMs ?? defaultRecheckMs;
  const keysByAsset = new Map<string, Set<string>>();
  const slotsByEntry = new WeakMap<CacheEntry<A>, Slot<A>>();
  const varying = new LRUCache<string, readonly string[]>({ max: maxVaryingUrls });
  let epoch = 0;

  const dispose = ({ entry }: Slot<A>, key: string) => {
    const id = addressKey(entry.address);
    const keys = keysByAsset.get(id);
    keys?.delete(key);
    if (keys?.size === 0) keysByAsset.delete(id);
    entry.answer.release();
  };
  const memory = new LRUCache<string, Slot<A>>({
    maxSize: Math.max(1, maxMemoryBytes),
    sizeCalculation: weight,
    dispose,
  });
  const files = new LRUCache<string, Slot<A>>({ max: Math.max(1, maxOpenFiles), dispose });

  function slotOf(path: string, variant: Variant): Slot<A> | undefined {
    const direct = memory.get(path) ?? files.get(path);
    if (direct !== undefined) return direct;
    const vary = varying.get(path);
    if (vary === undefined) return undefined;
    const key = variantKey(path, variant(vary));
    return memory.get(key) ?? files.get(key);
  }

  function remove(key: string): void {
    memory.delete(key);
    files.delete(key);
  }

  return {
    find(path, variant) {
      const slot = slotOf(path, variant);
      if (slot === undefined) return null;
      const ageMs = clock.now() - slot.checkedAtMs;
      return { entry: slot.entry, fresh: ageMs >= 0 && ageMs < recheckMs };
    },

    ticket: () => ({ epoch }),

    put({ path, vary, variant }, entry, ticket) {
      const { holdsFile } = entry.answer;
      const room = holdsFile ? maxOpenFiles > 0 : weight({ entry }, path) <= maxMemoryBytes;
      if (ticket.epoch !== epoch || !room) return false;
      const key = vary.length === 0 ? path : variantKey(path, variant(vary));
      remove(key);
      if (vary.length === 0) varying.delete(path);
      else {
        remove(path);
        varying.set(path, vary);
      }
      const slot = { entry, checkedAtMs: clock.now() };
      entry.answer.retain();
      slotsByEntry.set(entry, slot);
      const id = addressKey(entry.address);
      const keys = keysByAsset.get(id) ?? new Set();
      keysByAsset.set(id, keys.add(key));
      (holdsFile ? files : memory).set(key, slot);
      return true;
    },

    confirm(entry) {
      const slot = slotsByEntry.get(entry);
      if (slot !== undefined) slot.checkedAtMs = clock.now();
    },

    drop(path, variant) {
      remove(path);
      const vary = varying.get(path);
      if (vary !== undefined) remove(variantKey(path, variant(vary)));
    },

    invalidate(address) {
      epoch++;
      for (const key of [...(keysByAsset.get(addressKey(address)) ?? [])]) remove(key);
    },

    invalidateCloud(cloud) {
      epoch++;
      const prefix = `${cloud}\0`;
      for (const [id, keys] of [...keysByAsset]) {
        if (id.startsWith(prefix)) for (const key of [...keys]) remove(key);
      }
    },

    clear() {
      epoch++;
      memory.clear();
      files.clear();
      varying.clear();
    },

    stats: () => ({
      answers: memory.size + files.size,
      memoryBytes: memory.calculatedSize,
      openFiles: files.size,
    }),
  };
}

function weight({ entry }: { entry: CacheEntry<CacheableAnswer> }, key: string): number {
  return entry.answer.memoryBytes + key.length * 2 + overheadBytes;
}

/** A space cannot stand in a request target, nor NUL in an id. */
function variantKey(path: string, variant: string): string {
  return `${path} ${variant}`;
}

function addressKey({ cloud, resourceType, type, publicId }: AssetAddress): string {
  return `${cloud}\0${resourceType}\0${type}\0${publicId}`;
}
