import { ApiError } from '@counterseal/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundary, field, filePart, multipart } from './edge.test-support.js';
import { readParts } from './read-multipart.js';

type Read = { name: string; filename: string | null; content: string }[];

async function readAll(chunks: readonly Uint8Array[], delimiter = boundary): Promise<Read> {
  async function* source() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const parts: Read = [];
  for await (const { header, body } of readParts(source(), delimiter)) {
    const content: Buffer[] = [];
    for await (const chunk of body) content.push(chunk);
    parts.push({
      name: header.name,
      filename: header.filename,
      content: Buffer.concat(content).toString('latin1'),
    });
  }
  return parts;
}

/** The parts, or the code of the ApiError; anything else is a failure of the test. */
async function outcomeOf(chunks: readonly Uint8Array[]): Promise<Read | string> {
  try {
    return await readAll(chunks);
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

const tricky = `\r\n--${boundary.slice(0, -1)}\r\n--\r\n\r\n\r--${boundary}`;
const body = multipart(
  field('timestamp', '1'),
  field('empty', ''),
  filePart(tricky),
  filePart(''),
  field('tags', 'a,b'),
);
const expected: Read = [
  { name: 'timestamp', filename: null, content: '1' },
  { name: 'empty', filename: null, content: '' },
  { name: 'file', filename: 'a.png', content: tricky },
  { name: 'file', filename: 'a.png', content: '' },
  { name: 'tags', filename: null, content: 'a,b' },
];

describe('readParts', () => {
  test('whole, and split at every position', async () => {
    expect(await readAll([body])).toEqual(expected);
    for (let at = 1; at < body.length; at++) {
      expect(await outcomeOf([body.subarray(0, at), body.subarray(at)]), `split at ${at}`).toEqual(expected);
    }
  });

  test('byte by byte', async () => {
    expect(await readAll([...body].map((byte) => Buffer.of(byte)))).toEqual(expected);
  });

  test('cut off at every position', async () => {
    // The last two bytes are the line end after the last boundary, which may be missing.
    for (let at = 0; at < body.length - 2; at++) {
      expect(await outcomeOf([body.subarray(0, at)]), `cut at ${at}`).toBe('malformed-body');
    }
    expect(await readAll([body.subarray(0, -2)])).toEqual(expected);
  });

  test('preamble and epilogue have no effect, but are bounded', async () => {
    const noise = Buffer.from(`noise\r\n--AaB03\r\n`);
    expect(await readAll([noise, Buffer.from('\r\n'), body, noise, noise])).toEqual(expected);
    const megabyte = Buffer.alloc(1024 * 1024, '\n');
    const lots = Array<Buffer>(6).fill(megabyte);
    expect(await outcomeOf([...lots, Buffer.from('\r\n'), body])).toBe('malformed-body');
    expect(await outcomeOf([body, ...lots])).toBe('malformed-body');
  });

  test('parts that nobody reads are skipped', async () => {
    async function* source() {
      yield multipart(filePart(Buffer.alloc(300_000)), field('tags', 'a'), filePart(Buffer.alloc(300_000)));
    }
    const names: string[] = [];
    for await (const { header } of readParts(source(), boundary)) names.push(header.name);
    expect(names).toEqual(['file', 'tags', 'file']);
  });

  test('regression: a large part that ends with its chunk does not block the parser', async () => {
    const bytes = Buffer.alloc(4 * 1024 * 1024, 'a');
    const whole = multipart(field('context', bytes.toString()));
    const size = 64 * 1024;
    const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
      whole.subarray(index * size, (index + 1) * size),
    );
    const parts = await readAll(chunks);
    expect(parts[0]?.content).toHaveLength(bytes.length);
  });

  const malformed: [string, string][] = [
    ['nothing', ''],
    ['no boundary at all', 'a=b'],
    ['only the end', `--${boundary}--`.slice(0, -1)],
    ['no header', `--${boundary}\r\n\r\na\r\n--${boundary}--`],
    ['header without colon', `--${boundary}\r\nContent-Disposition form-data\r\n\r\na\r\n--${boundary}--`],
    ['header without end', `--${boundary}\r\n${field('a', '')[0]}\r\n--${boundary}--`],
    ['no name', multipart(['Content-Disposition: form-data', 'a']).toString()],
    ['not form-data', multipart(['Content-Disposition: attachment; name="a"', 'a']).toString()],
    ['name twice', multipart(['Content-Disposition: form-data; name="a"; name="b"', 'a']).toString()],
    ['open quote', multipart(['Content-Disposition: form-data; name="a', 'a']).toString()],
    ['two dispositions', multipart([`${field('a', '')[0]}\r\n${field('b', '')[0]}`, 'a']).toString()],
    ['endless header', multipart([`X: ${'a'.repeat(20_000)}\r\n${field('a', '')[0]}`, 'a']).toString()],
    ['many headers', multipart([`${'X: a\r\n'.repeat(40)}${field('a', '')[0]}`, 'a']).toString()],
    [
      'a header that grows behind what counts',
      multipart([`${field('a', '')[0]}\r\nX: ${'a'.repeat(16_500)}`, 'a']).toString(),
    ],
    [
      'a header of folded lines',
      multipart([`${field('a', '')[0]}${'\r\n '.repeat(22_000)}`, 'a']).toString(),
    ],
    ['one header too many', multipart([`${field('a', '')[0]}${'\r\nX: a'.repeat(32)}`, 'a']).toString()],
  ];
  test('a header as large as it may be', async () => {
    const pairs = `${field('a', '')[0]}${'\r\nX: a'.repeat(30)}\r\nY: ${'y'.repeat(16_000)}`;
    expect(await readAll([multipart([pairs, 'a'])])).toEqual([{ name: 'a', filename: null, content: 'a' }]);
  });
  test.each(malformed)('malformed: %s', async (_, text) => {
    expect(await outcomeOf([Buffer.from(text)])).toBe('malformed-body');
  });

  test.each(['', 'a'.repeat(71)])('bad boundary %#', async (delimiter) => {
    await expect(readAll([body], delimiter)).rejects.toMatchObject({ code: 'malformed-body' });
  });
});

describe('fuzz', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      `--${boundary}`,
      `--${boundary}--`,
      '\r\n',
      '\r\n\r\n',
      '--',
      '\n',
      '"',
      ';',
      'Content-Disposition: form-data; name="a"',
      'Content-Disposition: form-data; name="file"; filename="a"',
      'Content-Type: text/plain; charset=',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const mutation = fc.record({ at: fc.nat(body.length), remove: fc.nat(12), insert: piece });
  const mutated = fc
    .tuple(
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(body.length), { maxLength: 4 }),
    )
    .map(([mutations, cuts]) => {
      const bytes = mutations.reduce((whole, { at, remove, insert }) => {
        return Buffer.concat([whole.subarray(0, at), Buffer.from(insert), whole.subarray(at + remove)]);
      }, body);
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
    });

  test('mutated bodies: parts or an ApiError, never anything else, never a hang', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (chunks) => {
        await outcomeOf(chunks);
      }),
      { numRuns: 1500, timeout: 2000 },
    );
  });

  /** Of two faults, the one that is reached first is reported, and that may depend on the cut. */
  const refusedOr = (outcome: Read | string) => (typeof outcome === 'string' ? 'refused' : outcome);

  test('what comes out does not depend on how it was cut', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (chunks) => {
        expect(refusedOr(await outcomeOf(chunks))).toEqual(
          refusedOr(await outcomeOf([Buffer.concat(chunks)])),
        );
      }),
      { numRuns: 1000, timeout: 2000 },
    );
  });
});
