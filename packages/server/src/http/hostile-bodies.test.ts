import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  boundary,
  type Edge,
  field,
  filePart,
  multipart,
  multipartType,
  rawRequest,
  sendRaw,
  startEdge,
} from './edge.test-support.js';

/** The raw multipart bodies of the threat model, section 5, on a real socket. */
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const many = Array.from({ length: 100 }, (_, index) => field(`n${index}`, 'x'));
const noEnd = multipart(field('tags', 'a')).subarray(0, -6);

const refused: [string, Buffer, string][] = [
  ['1 __proto__', rawRequest(multipart(field('__proto__', 'a')), multipartType), 'illegal-parameter-name'],
  [
    '2 constructor[prototype]',
    rawRequest(multipart(field('constructor[prototype]', 'a')), multipartType),
    'illegal-parameter-name',
  ],
  [
    '3 a scalar twice',
    rawRequest(multipart(field('tags', 'a'), field('tags', 'b')), multipartType),
    'repeated-parameter',
  ],
  ['4 two files', rawRequest(multipart(filePart('a'), filePart('b')), multipartType), 'repeated-parameter'],
  [
    '5 a file and a URL',
    rawRequest(multipart(filePart('a'), field('file', 'http://a/')), multipartType),
    'repeated-parameter',
  ],
  [
    '6 a long field',
    rawRequest(multipart(field('context', 'a'.repeat(4 * 1024 * 1024 + 1))), multipartType),
    'field-too-large',
  ],
  ['7 no end', rawRequest(noEnd, multipartType), 'malformed-body'],
  [
    '8 no boundary parameter',
    rawRequest(multipart(filePart('a')), { 'Content-Type': 'multipart/form-data' }),
    'malformed-body',
  ],
  [
    '9 another boundary',
    rawRequest(multipart(filePart('a')), { 'Content-Type': 'multipart/form-data; boundary=b' }),
    'malformed-body',
  ],
  [
    '10 a bad part header',
    rawRequest(multipart(['Content-Disposition: ;;;', 'a']), multipartType),
    'malformed-body',
  ],
];

describe('refused with 400, and the server lives', () => {
  test.each(refused)('%s', async (_, request, code) => {
    const answer = await sendRaw(edge.port, request);
    const { error } = await edge.nextOutcome();
    expect(error).toMatchObject({ code, status: 400 });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain(`{"error":{"message":${JSON.stringify(error?.message)}}}`);
  });
});

describe('read as what they are', () => {
  test('11 a field after the file', async () => {
    await sendRaw(edge.port, rawRequest(multipart(filePart('a'), field('tags', 'b')), multipartType));
    const outcome = await edge.nextOutcome();
    expect(outcome).toMatchObject({
      error: null,
      parameters: { tags: 'b' },
      file: { text: 'a', before: [] },
    });
  });

  test('12 traversal in names', async () => {
    for (const filename of ['../../etc/passwd', '..\\..\\etc\\passwd', '/etc/passwd']) {
      await sendRaw(edge.port, rawRequest(multipart(filePart('a', filename)), multipartType));
      expect((await edge.nextOutcome()).file?.filename).toBe('passwd');
    }
  });

  test('13 a hundred fields', async () => {
    await sendRaw(edge.port, rawRequest(multipart(...many), multipartType));
    expect(Object.keys((await edge.nextOutcome()).parameters)).toHaveLength(100);
  });
});

test('14 abort in the middle of the file: its reader fails, nothing hangs', async () => {
  const whole = rawRequest(multipart(filePart(Buffer.alloc(200_000, boundary))), multipartType);
  const { connect } = await import('node:net');
  const socket = connect(edge.port, '127.0.0.1');
  socket.write(whole.subarray(0, 100_000));
  setTimeout(() => socket.destroy(), 50);
  const { error } = await edge.nextOutcome();
  expect(error).toMatchObject({ code: 'malformed-body' });
  expect(error?.message).toContain('the request was cut off');
});
