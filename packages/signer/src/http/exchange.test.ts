import { describe, expect, test } from 'vitest';
import { BodyError, collectText } from './exchange.js';

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

const bytes = new TextEncoder().encode('{"tags":"Äpfel 🍎"}');

describe('a body is one text, however it was cut', () => {
  test.each(Array.from({ length: bytes.length }, (_, at) => at))('at byte %d', async (at) => {
    const text = await collectText(chunks(bytes.subarray(0, at), bytes.subarray(at)), bytes.length);
    expect(JSON.parse(text)).toEqual({ tags: 'Äpfel 🍎' });
  });

  test('none at all', async () => {
    expect(await collectText(chunks(), 10)).toBe('');
  });
});

test.each<[string, readonly Uint8Array[], string]>([
  ['more bytes than the limit', [bytes, bytes], 'body-too-large'],
  ['half a character at the end', [Uint8Array.of(0x61), Uint8Array.of(0xc3)], 'malformed-body'],
  ['half a character in the middle', [Uint8Array.of(0xc3), Uint8Array.of(0x61)], 'malformed-body'],
])('%s: refused', async (_, parts, code) => {
  const error = await collectText(chunks(...parts), bytes.length).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BodyError);
  expect(error).toMatchObject({ code });
});
