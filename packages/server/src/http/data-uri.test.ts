import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeDataUri } from './data-uri.js';

async function* chunksOf(text: string, size = 7) {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function decode(text: string, size?: number) {
  const { mimeType, body } = await decodeDataUri(chunksOf(text, size));
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { mimeType, text: Buffer.concat(chunks).toString('latin1') };
}

describe('decodeDataUri', () => {
  test.each([
    ['data:image/png;base64,QUJD', 'image/png', 'ABC'],
    ['DATA:Image/PNG;BASE64,QUJD', 'image/png', 'ABC'],
    ['data:;base64,QUJDRA==', null, 'ABCD'],
    ['data:;base64,QUJDRA', null, 'ABCD'],
    ['data:;base64,QUJDREU=', null, 'ABCDE'],
    ['data:;base64,', null, ''],
    ['data:text/plain;charset=utf-8;name=a.txt;base64,QUJD', 'text/plain', 'ABC'],
    ['data:image/png;base64,QU\r\nJD\nRA=\n=\n', 'image/png', 'ABCD'],
    ['data:image/svg+xml,%3Csvg%20a="1"+/%3E', 'image/svg+xml', '<svg a="1"+/>'],
    ['data:,a', null, 'a'],
  ])('%s', async (uri, mimeType, text) => {
    for (const size of [1, 2, 3, 5, 1000]) expect(await decode(uri, size)).toEqual({ mimeType, text });
  });

  test.each([
    'data:image/png;base64',
    'data:;base64,QUJ*',
    'data:;base64,QUJD RA==',
    'data:;base64,Q',
    'data:;base64,QUJDR',
    'data:;base64,QUJDRA=',
    'data:;base64,QUJD=',
    'data:;base64,QQ==QUJD',
    'data:;base64,QUI-_w==',
    'data:;base64,====',
    'data:,%4',
    'data:,%zz',
    'data:text/plain;charset=utf-16,a',
    `data:${'a'.repeat(2000)},x`,
  ])('refuses %s', async (uri) => {
    for (const size of [1, 4, 10_000]) {
      await expect(decode(uri, size)).rejects.toMatchObject({ code: 'malformed-body', status: 400 });
    }
  });

  test('round trip, however cut and wrapped', async () => {
    const input = fc.tuple(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 80 }),
    );
    await fc.assert(
      fc.asyncProperty(input, async ([bytes, size, width]) => {
        const base64 = Buffer.from(bytes)
          .toString('base64')
          .replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n');
        expect((await decode(`data:;base64,${base64}`, size)).text).toBe(
          Buffer.from(bytes).toString('latin1'),
        );
      }),
    );
  });
});
