import { operations } from '@counterseal/protocol';
import { describe, expect, test } from 'vitest';
import { passedThrough, wireParams } from './upload-params.js';

/** Set by the widget itself, named by the path, or withdrawn by the original service. */
const notPassedThrough = [
  'file',
  'resource_type',
  'cloud_name',
  'timestamp',
  'api_key',
  'signature',
  'source',
  'callback',
];
/** Code and network ways that no page should choose for its server. */
const dangerous = ['eval', 'proxy'];

test('a page can set every parameter that upload knows, and no other', () => {
  const known = Object.keys(operations.upload.params).filter(
    (name) => ![...notPassedThrough, ...dangerous].includes(name),
  );
  expect(passedThrough.filter((name) => name !== 'audit_context').sort()).toEqual(known.sort());
});

describe('values as they are sent', () => {
  test.each([
    [{ folder: 'a/b' }, { folder: 'a/b' }],
    [
      { useFilename: true, uniqueFilename: false },
      { use_filename: 'true', unique_filename: 'false' },
    ],
    [{ tags: ['a', 'b'] }, { tags: 'a,b' }],
    [{ tags: [], folder: '', context: null }, {}],
    [{ context: { alt: 'a=b|c', n: 1 } }, { context: 'alt=a\\=b\\|c|n=1' }],
    [{ eager: ['w_1', 'w_2'] }, { eager: 'w_1|w_2' }],
    [
      {
        eager: [
          { width: 4, crop: 'pad' },
          { width: 5, format: 'jpg' },
        ],
      },
      { eager: 'c_pad,w_4|w_5/jpg' },
    ],
    [{ eager: [[{ width: 4 }, 'e_sepia'], 'w_5/png'] }, { eager: 'w_4/e_sepia|w_5/png' }],
    [{ eager: { width: 4 } }, { eager: 'w_4' }],
    [{ eager: [] }, {}],
    [{ transformation: [{ width: 4 }, { effect: 'sepia' }] }, { transformation: 'w_4/e_sepia' }],
    [{ transformation: ['w_4', 'e_sepia'] }, { transformation: 'w_4/e_sepia' }],
    [{ regions: { a: [[1, 2]] } }, { regions: '{"a":[[1,2]]}' }],
    [{ myOwnOption: 1, multiple: true, cloudName: 'demo' }, {}],
  ])('%j -> %j', (given, sent) => {
    expect(wireParams(given)).toEqual(sent);
  });
});
