import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundUpload, StoredChunk } from '../ports/chunk-store.js';
import { type ArrivedChunk, type ChunkLimits, type Placement, placeChunk } from './place-chunk.js';

const limits: ChunkLimits = {
  minChunkBytes: 5,
  open: { maxUploads: 2, maxBytes: 1000 },
  openOfNetwork: { maxUploads: 1, maxBytes: 100 },
};
const leaseMs = 100;

interface Sent {
  readonly start: number;
  readonly end: number;
  readonly totalBytes?: number | null;
  /** Stands for the bytes. */
  readonly md5?: string;
  readonly nowMs?: number;
  readonly resourceType?: ArrivedChunk['resourceType'];
  readonly publicId?: string;
  readonly network?: string;
}

/** One upload as a store would keep it, whatever the rules say of it. */
function books(
  open: Partial<FoundUpload['open']> = {},
  openOfNetwork: FoundUpload['open'] = { uploads: 0, bytes: 0 },
) {
  let upload: FoundUpload['upload'] = null;
  let chunks: StoredChunk[] = [];
  let made = 0;
  const asFound = ({ start, end }: Sent): FoundUpload => ({
    upload,
    touching: chunks.filter((chunk) => chunk.start < end && chunk.end > start),
    open: { uploads: upload === null ? 0 : 1, bytes: upload?.receivedBytes ?? 0, ...open },
    openOfNetwork,
  });
  return {
    place(sent: Sent, given: ChunkLimits = limits): Placement {
      const { start, end, totalBytes = null, md5 = 'same', nowMs = 0, resourceType = 'raw' } = sent;
      const { publicId = 'id', network = null } = sent;
      made += 1;
      const { write, result } = placeChunk(
        asFound(sent),
        {
          start,
          end,
          totalBytes,
          stored: start === end ? null : { md5, blobKey: `blob${made}` },
          resourceType,
          filename: null,
          network,
          publicId,
          agreesWith: (decided) => decided === null || decided === publicId,
          nowMs,
          newId: `upload${made}`,
          newLease: { token: `lease${made}`, untilMs: nowMs + leaseMs },
        },
        given,
      );
      if (write === null) return result;
      if (write.upload.id !== upload?.id) chunks = [];
      upload = write.upload;
      if (write.chunk !== null) chunks.push(write.chunk);
      return result;
    },
    end(outcome: { answer: object } | { failure: string } | null) {
      if (upload === null) throw new Error('nothing to end');
      const finished = { assetId: 'asset', outcome } as NonNullable<typeof upload.finished>;
      upload = { ...upload, finished, lease: outcome === null ? upload.lease : null };
    },
    release() {
      if (upload !== null) upload = { ...upload, lease: null };
    },
    get upload() {
      return upload;
    },
    get chunks() {
      return [...chunks].sort((a, b) => a.start - b.start);
    },
  };
}

/** Cuts into pieces of at least the smallest size, but for the last. */
const splits = fc
  .record({
    sizes: fc.array(fc.integer({ min: limits.minChunkBytes, max: 12 }), { minLength: 1, maxLength: 8 }),
    rest: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ sizes, rest }) => {
    const ends: number[] = [];
    for (const size of [...sizes, rest]) ends.push((ends.at(-1) ?? 0) + size);
    return ends.map((end, index) => ({ start: ends[index - 1] ?? 0, end }));
  });

const codeOf = (placement: Placement) =>
  placement.outcome === 'refused' ? placement.error.code : placement.outcome;

describe('placeChunk', () => {
  it('is complete exactly once, when the last byte comes or the total, in any order', () => {
    const cases = splits.chain((pieces) =>
      fc.record({
        order: fc.shuffledSubarray(pieces, { minLength: pieces.length }),
        tells: fc.array(fc.boolean(), { minLength: pieces.length, maxLength: pieces.length }),
        repeats: fc.array(fc.nat({ max: pieces.length - 1 }), { maxLength: 4 }),
        total: fc.constant(pieces.at(-1)?.end ?? 0),
      }),
    );
    fc.assert(
      fc.property(cases, ({ order, tells, repeats, total }) => {
        const store = books();
        // What is shorter than the smallest chunk has to say that it is the last.
        const sent = order.map((piece, index) => ({
          ...piece,
          totalBytes: tells[index] || piece.end === total ? total : null,
        }));
        const withRepeats = sent.flatMap((chunk, index) =>
          repeats.includes(index) ? [chunk, chunk] : [chunk],
        );
        const seen = new Set<number>();
        let known = false;
        let completions = 0;
        for (const chunk of withRepeats) {
          const outcome = codeOf(store.place(chunk));
          for (let at = chunk.start; at < chunk.end; at++) seen.add(at);
          known ||= chunk.totalBytes !== null;
          const isWhole = known && seen.size === total;
          expect(outcome).toBe(!isWhole ? 'partial' : completions === 0 ? 'complete' : 'under-way');
          if (isWhole) completions += 1;
        }
        expect(completions).toBeGreaterThan(0);
        expect(store.upload?.receivedBytes).toBe(total);
        expect(store.chunks.map(({ start }) => start)).toEqual(
          order.map(({ start }) => start).sort((a, b) => a - b),
        );
      }),
    );
  });

  it('agrees with a plain list of bytes, whatever is sent', () => {
    const anything = fc.record({
      start: fc.nat({ max: 30 }),
      bytes: fc.integer({ min: 1, max: 20 }),
      totalBytes: fc.option(fc.integer({ min: 1, max: 40 })),
      md5: fc.constantFrom('a', 'b'),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 30 }), (sends) => {
        const store = books();
        const bytes = new Map<number, string>();
        let total: number | null = null;
        for (const { start, bytes: length, totalBytes, md5 } of sends) {
          const end = start + length;
          if (totalBytes !== null && end > totalBytes) continue;
          const outcome = codeOf(store.place({ start, end, totalBytes, md5 }));
          const places = Array.from({ length }, (_, index) => start + index);
          const name = `${start}-${end}-${md5}`;
          const again = places.every((place) => bytes.get(place) === name);
          const after: number | null = totalBytes ?? total;
          const highest = Math.max(end, ...[...bytes.keys()].map((place) => place + 1));
          const allowed =
            (total === null || totalBytes === null || total === totalBytes) &&
            (after === null || highest <= after) &&
            (again ||
              (places.every((place) => !bytes.has(place)) &&
                (length >= limits.minChunkBytes || end === after)));
          if (!allowed) {
            expect(outcome).toMatch(/^chunk-/);
            continue;
          }
          total = after;
          for (const place of places) bytes.set(place, name);
          const isWhole = total !== null && bytes.size === total;
          expect(outcome).toBe(isWhole ? 'complete' : 'partial');
          if (isWhole) return;
        }
        const stored = store.chunks.flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, index) => start + index),
        );
        expect(stored).toEqual([...bytes.keys()].sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Sent[], string]>([
    [
      'overlaps at its begin',
      [
        { start: 0, end: 10 },
        { start: 9, end: 19 },
      ],
      'chunk-overlap',
    ],
    [
      'overlaps at its end',
      [
        { start: 10, end: 20 },
        { start: 5, end: 11 },
      ],
      'chunk-overlap',
    ],
    [
      'lies inside another',
      [
        { start: 0, end: 20 },
        { start: 5, end: 15 },
      ],
      'chunk-overlap',
    ],
    [
      'holds another',
      [
        { start: 5, end: 15 },
        { start: 0, end: 20 },
      ],
      'chunk-overlap',
    ],
    [
      'has other bytes at the same place',
      [
        { start: 0, end: 10 },
        { start: 0, end: 10, md5: 'other' },
      ],
      'chunk-overlap',
    ],
    [
      'changes the total',
      [
        { start: 0, end: 10, totalBytes: 40 },
        { start: 10, end: 20, totalBytes: 41 },
      ],
      'chunk-total-changed',
    ],
    [
      'lies behind a known total',
      [
        { start: 0, end: 10, totalBytes: 15 },
        { start: 12, end: 18 },
      ],
      'chunk-outside',
    ],
    [
      'tells a total before the end of what is there',
      [
        { start: 20, end: 30 },
        { start: 0, end: 10, totalBytes: 25 },
      ],
      'chunk-outside',
    ],
    ['is too small for the middle', [{ start: 0, end: 4 }], 'chunk-too-small'],
    [
      'is too small with a total that it does not reach',
      [{ start: 0, end: 4, totalBytes: 10 }],
      'chunk-too-small',
    ],
    ['is empty and first', [{ start: 10, end: 10, totalBytes: 10 }], 'chunk-of-nothing'],
    [
      'has another resource type',
      [
        { start: 0, end: 10 },
        { start: 10, end: 20, resourceType: 'image' },
      ],
      'chunk-resource-type',
    ],
    [
      'has another public id',
      [
        { start: 0, end: 10 },
        { start: 10, end: 20, publicId: 'other' },
      ],
      'chunk-public-id',
    ],
  ])('refuses a chunk that %s, and changes nothing', (_, sends, code) => {
    const store = books();
    const last = sends.at(-1);
    for (const sent of sends.slice(0, -1)) expect(codeOf(store.place(sent))).toBe('partial');
    const before = store.upload;
    expect(last && codeOf(store.place(last))).toBe(code);
    expect(store.upload).toBe(before);
  });

  it('takes a small chunk as the last when an earlier one has told the total', () => {
    const store = books();
    store.place({ start: 0, end: 10, totalBytes: 12 });
    expect(codeOf(store.place({ start: 10, end: 12 }))).toBe('complete');
  });

  it('lets an empty chunk tell the total', () => {
    const store = books();
    store.place({ start: 0, end: 10 });
    expect(codeOf(store.place({ start: 10, end: 10, totalBytes: 10 }))).toBe('complete');
  });

  it('gives the work to the next who asks when a lease has run out or was given back', () => {
    const store = books();
    const chunk = { start: 0, end: 10, totalBytes: 10 };
    expect(codeOf(store.place(chunk))).toBe('complete');
    expect(codeOf(store.place({ ...chunk, nowMs: leaseMs - 1 }))).toBe('under-way');
    expect(codeOf(store.place({ ...chunk, nowMs: leaseMs }))).toBe('complete');
    store.release();
    expect(codeOf(store.place({ ...chunk, nowMs: leaseMs + 1 }))).toBe('complete');
  });

  describe('after the end', () => {
    const first = { start: 0, end: 10 };
    const last = { start: 10, end: 13, totalBytes: 13 };
    const empty = { start: 13, end: 13, totalBytes: 13 };
    const done = (outcome: Parameters<ReturnType<typeof books>['end']>[0]) => {
      const store = books();
      store.place(first);
      store.place(last);
      store.end(outcome);
      return store;
    };

    it('answers any chunk of the same file again', () => {
      const store = done({ answer: {} });
      for (const chunk of [first, last, empty]) expect(codeOf(store.place(chunk))).toBe('finished');
    });

    it.each<[string, Sent]>([
      ['other bytes', { ...first, md5: 'other' }],
      ['another place', { start: 0, end: 8 }],
      ['another public id', { ...first, publicId: 'other' }],
      ['another resource type', { ...first, resourceType: 'image' }],
    ])('begins another upload with %s', (_, chunk) => {
      const store = done({ answer: {} });
      const before = store.upload?.id;
      expect(codeOf(store.place(chunk))).toBe('partial');
      expect(store.upload?.id).not.toBe(before);
      expect(store.upload).toMatchObject({ receivedBytes: chunk.end, totalBytes: null, finished: null });
    });

    it('waits while the asset is stored and its answer is not', () => {
      const store = done(null);
      expect(codeOf(store.place(last))).toBe('under-way');
      expect(codeOf(store.place({ ...last, nowMs: leaseMs }))).toBe('finished');
    });

    it('tells the failure again, and lets the client start over', () => {
      const store = done({ failure: 'Invalid image file' });
      expect(codeOf(store.place(last))).toBe('finished');
      expect(codeOf(store.place(first))).toBe('partial');
      expect(codeOf(store.place(last))).toBe('complete');
    });
  });

  describe('limits', () => {
    it('holds the number of unfinished uploads of one owner', () => {
      expect(codeOf(books({ uploads: 1 }).place({ start: 0, end: 10 }))).toBe('partial');
      expect(codeOf(books({ uploads: 2 }).place({ start: 0, end: 10 }))).toBe('too-many-open-uploads');
    });

    it('holds their bytes, to the byte', () => {
      expect(codeOf(books({ bytes: 990 }).place({ start: 0, end: 10 }))).toBe('partial');
      expect(codeOf(books({ bytes: 991 }).place({ start: 0, end: 10 }))).toBe('too-many-open-bytes');
    });

    it('holds a network of strangers to its share, and nobody else', () => {
      const first = { start: 0, end: 10 };
      const stranger = { ...first, network: '192.0.2.1' };
      const full = { uploads: 1, bytes: 91 };
      expect(codeOf(books({}, { uploads: 0, bytes: 90 }).place(stranger))).toBe('partial');
      expect(codeOf(books({}, { uploads: 1, bytes: 0 }).place(stranger))).toBe('too-many-open-uploads');
      expect(codeOf(books({}, { uploads: 0, bytes: 91 }).place(stranger))).toBe('too-many-open-bytes');
      expect(codeOf(books({}, full).place(first))).toBe('partial');
      expect(codeOf(books({ uploads: 2 }).place(stranger))).toBe('too-many-open-uploads');
    });

    it('counts a chunk for the network that began the upload', () => {
      const openOfNetwork = { uploads: 0, bytes: 0 };
      const store = books({}, openOfNetwork);
      expect(codeOf(store.place({ start: 0, end: 10, network: '192.0.2.1' }))).toBe('partial');
      openOfNetwork.bytes = 100;
      expect(codeOf(store.place({ start: 10, end: 20, network: '192.0.2.2' }))).toBe('too-many-open-bytes');
    });

    it('takes the same chunk again where there is no room for another', () => {
      const store = books();
      const full = { ...limits, open: { maxUploads: 1, maxBytes: 10 } };
      store.place({ start: 0, end: 10 }, full);
      expect(codeOf(store.place({ start: 0, end: 10 }, full))).toBe('partial');
      expect(codeOf(store.place({ start: 10, end: 20 }, full))).toBe('too-many-open-bytes');
    });
  });
});
