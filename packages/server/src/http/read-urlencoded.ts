import { ApiError } from '@counterseal/protocol';
import { maxNameBytes, maxPairs } from './limits.js';
import { brokenEscape, decodeEscapes } from './percent-decode.js';

const ampersand = 0x26;
const equals = 0x3d;
/** `%41` is three bytes for one. */
const encodedFactor = 3;

export interface FormPair {
  readonly name: Buffer;
  /** Decoded, pulled; what is left unread is skipped. */
  readonly value: AsyncIterable<Buffer>;
}

/**
 * The pairs of an `application/x-www-form-urlencoded` text, in order, without collecting long values. Reserved characters that
 * clients leave unencoded (`,` `|` `:` `/`) are themselves.
 *
 * Pairs without name and value are counted with the others: nobody needs them, and each costs as much.
 *
 * @throws ApiError `malformed-body` on a `%` that is not followed by two hex digits, `illegal-parameter-name` on long names,
 * `too-many-fields`
 */
export async function* readUrlencoded(source: AsyncIterable<Buffer>): AsyncGenerator<FormPair, void> {
  const cursor = createCursor(source);
  for (let count = 1; await cursor.more(); count++) {
    if (count > maxPairs) throw new ApiError('too-many-fields', { max: maxPairs });
    const name = await takeName(cursor);
    const encoded = { [Symbol.asyncIterator]: () => cursor.until(ampersand) };
    yield { name, value: decodeForm(encoded) };
    for await (const _ of encoded);
    cursor.skip(ampersand);
  }
}

async function takeName(cursor: ReturnType<typeof createCursor>): Promise<Buffer> {
  const bytes: Buffer[] = [];
  let count = 0;
  for await (const chunk of decodeForm(cursor.until(equals, ampersand))) {
    count += chunk.length;
    if (count > maxNameBytes * encodedFactor) {
      const name = Buffer.concat([...bytes, chunk]).toString('latin1', 0, maxNameBytes);
      throw new ApiError('illegal-parameter-name', { name });
    }
    bytes.push(chunk);
  }
  cursor.skip(equals);
  return Buffer.concat(bytes);
}

/** A place in a byte stream, from which pieces up to a stop byte are taken. */
function createCursor(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  const more = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done) return false;
      rest = next.value;
    }
    return true;
  };

  return {
    more,
    /** Steps over the byte when it is the next one. */
    skip(byte: number): void {
      if (rest[0] === byte) rest = rest.subarray(1);
    },
    /** The bytes before the first stop byte, which stays. May be called again to go on. */
    async *until(...stops: readonly number[]): AsyncGenerator<Buffer, void> {
      while (await more()) {
        const end = stops.map((stop) => rest.indexOf(stop)).reduce(firstFound);
        const piece = end === -1 ? rest : rest.subarray(0, end);
        rest = rest.subarray(piece.length);
        if (piece.length > 0) yield piece;
        if (end !== -1) return;
      }
    },
  };
}

function firstFound(a: number, b: number): number {
  return a === -1 || (b !== -1 && b < a) ? b : a;
}

/** URL standard, "application/x-www-form-urlencoded parsing", but a broken escape is an error instead of itself. */
async function* decodeForm(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const { decoded, rest } = decodeEscapes(
      carried.length === 0 ? chunk : Buffer.concat([carried, chunk]),
      true,
    );
    carried = rest;
    if (decoded.length > 0) yield decoded;
  }
  if (carried.length > 0) throw brokenEscape();
}
