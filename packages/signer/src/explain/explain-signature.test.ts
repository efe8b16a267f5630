import { createHash } from 'node:crypto';
import { apiSignRequest } from '@counterseal/protocol';
import { describe, expect, test } from 'vitest';
import { compareParams } from './compare-params.js';
import { explainSignature } from './explain-signature.js';
import type { Fields } from './finding.js';

const nowSeconds = 1_700_000_000;
const time = String(nowSeconds);
const keys = [
  { apiKey: 'one', secret: 'the/secret-of-one' },
  { apiKey: 'two', secret: 'the-secret-of-two' },
];
const secret = keys[0]?.secret ?? '';
const params = { folder: 'a b', overwrite: 'true', tags: 'x,y', timestamp: time };

const hash = (text: string, algorithm = 'sha1') => createHash(algorithm).update(text).digest('hex');
const request = (signature: string, more: Fields = [], given: object = params): Fields => [
  ...Object.entries(given).map(([name, value]) => [name, String(value)] as const),
  ...more,
  ['api_key', 'one'],
  ['signature', signature],
];
const explain = (fields: Fields, at = nowSeconds) =>
  explainSignature({ fields, knownSecrets: keys, nowSeconds: at });

describe('a refused signature is explained by what reproduces it', () => {
  const sign = (given: object, by = secret) => apiSignRequest({ ...given }, by);
  test.each<[string, Fields, string, string | null]>([
    ['nothing wrong', request(sign(params)), 'signature-right', null],
    ['SHA-256', request(apiSignRequest(params, secret, 'sha256')), 'signature-right', null],
    ['the secret of another key', request(sign(params, keys[1]?.secret)), 'wrong-secret', 'api_key'],
    ['a secret nobody knows', request(sign(params, 'x')), 'wrong-secret', null],
    ['a secret with a line end', request(sign(params, `${secret}\n`)), 'secret-form', null],
    ['a secret as the URL holds it', request(sign(params, 'the%2Fsecret-of-one')), 'secret-form', null],
    ['no secret at all', request(sign(params, 'undefined')), 'secret-form', null],
    [
      'resource_type was signed',
      request(sign({ ...params, resource_type: 'auto' }), [['resource_type', 'auto']]),
      'extra-parameter',
      'resource_type',
    ],
    [
      'an unknown name was signed',
      request(sign({ ...params, max_bytes: '1' }), [['max_bytes', '1']]),
      'extra-parameter',
      'max_bytes',
    ],
    [
      'everything was signed',
      request(sign({ ...params, api_key: 'one', cloud_name: 'demo' }), [['cloud_name', 'demo']]),
      'extra-parameter',
      null,
    ],
    [
      'one was not signed',
      request(sign({ folder: 'a b', tags: 'x,y', timestamp: time })),
      'missing-parameter',
      'overwrite',
    ],
    ['two were not signed', request(sign({ tags: 'x,y', timestamp: time })), 'missing-parameter', 'folder'],
    ['only the time was signed', request(sign({ timestamp: time })), 'missing-parameter', null],
    [
      'not sorted',
      request(hash(`timestamp=${time}&folder=a${secret}`), [], { timestamp: time, folder: 'a' }),
      'order',
      null,
    ],
    [
      '& before the secret',
      request(hash(`folder=a&timestamp=${time}&${secret}`), [], { folder: 'a', timestamp: time }),
      'separator',
      null,
    ],
    ['percent-encoded', request(sign({ ...params, folder: 'a%20b', tags: 'x%2Cy' })), 'encoding', null],
    ['a JSON list', request(sign({ ...params, tags: '["x","y"]' })), 'array-form', 'tags'],
    [
      'brackets in the name',
      request(
        hash(`tags[]=x,y&timestamp=${time}${secret}`),
        [
          ['tags[]', 'x'],
          ['tags[]', 'y'],
        ],
        { timestamp: time },
      ),
      'array-form',
      'tags',
    ],
    [
      'version 1',
      request(apiSignRequest({ ...params, folder: 'a&b' }, secret, 'sha1', 1), [], {
        ...params,
        folder: 'a&b',
      }),
      'version-1',
      null,
    ],
    [
      'other time units',
      request(sign({ timestamp: `${time}123`.slice(0, 10) }), [], { timestamp: `${time}000` }),
      'milliseconds',
      'timestamp',
    ],
    [
      'empty values',
      request(hash(`folder=&timestamp=${time}${secret}`), [], { folder: '', timestamp: time }),
      'empty-value',
      null,
    ],
    ['another boolean', request(sign({ ...params, overwrite: '1' })), 'boolean-form', 'overwrite'],
    ['upper case', request(sign(params).toUpperCase()), 'signature-form', 'signature'],
    ['base64', request(createHash('sha1').update('x').digest('base64')), 'algorithm', 'signature'],
    ['no signature', [['timestamp', time]], 'no-signature', 'signature'],
  ])('%s', (_, fields, code, parameter) => {
    expect(explain(fields)[0]).toMatchObject({ code, parameter });
  });

  test.each<[string, string, number, string]>([
    ['stale', time, nowSeconds + 3601, 'stale'],
    ['ahead', time, nowSeconds - 301, 'clock-ahead'],
    ['milliseconds', `${time}000`, nowSeconds, 'milliseconds'],
    ['words', 'now', nowSeconds, 'timestamp-malformed'],
  ])('the time is told beside it: %s', (_, timestamp, at, code) => {
    const fields = request(apiSignRequest({ timestamp }, secret), [], { timestamp });
    expect(explain(fields, at).map((each) => each.code)).toContain(code);
  });

  test('%26 and names without effect are told as well', () => {
    const given = { tags: 'a%26b', timestamp: time };
    const codes = explain(request(apiSignRequest(given, secret), [['max_bytes', '1']], given)).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(['signature-right', 'encoded-ampersand', 'unknown-parameter']);
  });

  test('no finding holds a secret or an expected signature', () => {
    const expected = [apiSignRequest(params, secret), apiSignRequest(params, secret, 'sha256')];
    for (const signature of ['x', hash('x'), apiSignRequest({ timestamp: time }, secret)]) {
      const text = JSON.stringify(explain(request(signature)));
      for (const private_ of [...keys.map((key) => key.secret), ...expected])
        expect(text).not.toContain(private_);
    }
  });

  test('a hundred parameters do not take long', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${index}`, 'x']));
    const startedAt = performance.now();
    explain(request(hash('x'), Object.entries(many)));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

test('two sets of parameters are compared by name', () => {
  const found = compareParams({ a: '1', b: '2', c: '3' }, { a: '1', b: '9', d: '4' });
  expect(found.map(({ code, parameter }) => `${parameter} ${code}`)).toEqual([
    'b different-value',
    'c extra-parameter',
    'd missing-parameter',
  ]);
});
