import { apiSignRequest } from '@counterseal/protocol';
import { describe, expect, test } from 'vitest';
import { explainRefused } from './explain-refused.js';
import { readRefused } from './read-refused.js';

const url = 'http://127.0.0.1:8420/v1_1/demo/image/upload';
const all = [
  ['folder', 'a b'],
  ['timestamp', '1700000000'],
  ['signature', 'abc'],
];

describe('a refused request can be pasted as', () => {
  test.each<[string, string]>([
    ['curl with -F', `curl -F 'folder=a b' -F timestamp=1700000000 -Fsignature=abc \\\n  ${url}`],
    [
      'curl with -d',
      `curl ${url} -X POST -H 'Accept: */*' -d 'folder=a+b&timestamp=1700000000' --data-raw signature=abc`,
    ],
    [
      'curl as browsers copy it',
      `curl '${url}' --data-urlencode "folder=a b" --data-raw $'timestamp=1700000000&signature=abc'`,
    ],
    [
      'a HAR entry',
      JSON.stringify({
        request: { url, postData: { params: all.map(([name, value]) => ({ name, value })) } },
      }),
    ],
    [
      'a HAR entry with text',
      JSON.stringify({
        request: {
          url,
          postData: {
            mimeType: 'application/x-www-form-urlencoded',
            text: 'folder=a+b&timestamp=1700000000&signature=abc',
          },
        },
      }),
    ],
    [
      'a whole HAR',
      JSON.stringify({
        log: {
          entries: [
            {
              request: {
                url,
                postData: { mimeType: 'application/json', text: JSON.stringify(Object.fromEntries(all)) },
              },
            },
            { request: { url: 'http://other/' } },
          ],
        },
      }),
    ],
    [
      'multipart in a HAR',
      JSON.stringify({
        request: {
          url,
          postData: {
            mimeType: 'multipart/form-data; boundary=x',
            text: `${all.map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--x--`,
          },
        },
      }),
    ],
    ['JSON', JSON.stringify(Object.fromEntries(all))],
    ['lines', 'folder=a b\ntimestamp=1700000000\nsignature=abc'],
    ['a query', 'folder=a b&timestamp=1700000000&signature=abc'],
  ])('%s', (_, text) => {
    expect(readRefused(text)).toEqual({ fields: all, operation: 'upload', clientFields: null });
  });

  test('the operation is that of the address', () => {
    expect(readRefused(`curl -d public_id=a ${url.replace('image/upload', 'image/destroy')}`).operation).toBe(
      'destroy',
    );
  });

  test.each([['hello'], ['{'], ['']])('%j is none', (text) => {
    expect(() => readRefused(text)).toThrow(TypeError);
  });
});

describe('an error text with the parameters that were signed', () => {
  const client = { folder: 'a', max_bytes: '5', timestamp: '1700000000' };
  const signature = apiSignRequest(client, 'the-secret');
  const text = `{"error":{"message":"Invalid Signature ${signature}. String to sign - 'folder=b&timestamp=1700000000'."}}
folder=a
max_bytes=5
timestamp=1700000000
api_key=one`;

  test('names every difference, and says that the secret is right', () => {
    const found = explainRefused(readRefused(text), {
      knownSecrets: [{ apiKey: 'one', secret: 'the-secret' }],
      nowSeconds: 1_700_000_000,
    });
    expect(found.map(({ code, parameter }) => [parameter, code])).toEqual([
      ['folder', 'different-value'],
      ['max_bytes', 'extra-parameter'],
      [null, 'secret-right'],
    ]);
  });
});

describe('what others pasted is read in time that grows with the text', () => {
  const many = 40_000;
  test.each([
    ['error texts without an end', "Invalid Signature a. String to sign - '".repeat(many)],
    [
      'parts without an end',
      JSON.stringify({
        request: {
          url,
          postData: { mimeType: 'multipart/form-data', text: 'name="a"; filename=x '.repeat(many) },
        },
      }),
    ],
    [
      'line ends without a boundary',
      JSON.stringify({
        request: {
          url,
          postData: { mimeType: 'multipart/form-data', text: `name="a"${'\r\n\r\n'.repeat(many)}` },
        },
      }),
    ],
  ])('%s', { timeout: 5_000 }, (_, text) => {
    try {
      readRefused(text);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
  });
});
