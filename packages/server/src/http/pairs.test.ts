import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkText, collectParameters, parseName, type RawPair } from './pairs.js';

const pair = (name: string, value: string, more: Partial<RawPair> = {}): RawPair => ({
  name,
  values: [value],
  isList: false,
  origin: 'body',
  ...more,
});
const list = { isList: true };
const query = { origin: 'query' } as const;

describe('parseName', () => {
  test.each([
    ['tags', { name: 'tags', isList: false }],
    ['public_ids[]', { name: 'public_ids', isList: true }],
    ['public_ids[12]', { name: 'public_ids', isList: true }],
    [`a${'b'.repeat(63)}`, { name: `a${'b'.repeat(63)}`, isList: false }],
  ])('%s', (raw, expected) => expect(parseName(raw)).toEqual(expected));

  test.each([
    '',
    '[]',
    'Tags',
    '_a',
    '1a',
    'a b',
    'a=b',
    'a{',
    'a-b',
    'a.b',
    'a[b]',
    'a[][]',
    'a[]b',
    'a\n',
    '__proto__',
    'constructor[prototype]',
    'toString',
    `a${'b'.repeat(64)}`,
    '\u00e9',
  ])('refuses %j', (raw) => {
    expect(() => parseName(raw)).toThrow(expect.objectContaining({ code: 'illegal-parameter-name' }));
  });

  test('what is accepted can be told apart in a string to sign', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        try {
          expect(parseName(raw).name).toMatch(/^[a-z0-9_]+$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'illegal-parameter-name' });
        }
      }),
    );
  });
});

describe('collectParameters', () => {
  const cases: [string, RawPair[], [string, unknown][]][] = [
    [
      'in order',
      [pair('b', '1'), pair('a', '2')],
      [
        ['b', '1'],
        ['a', '2'],
      ],
    ],
    ['list items in order of arrival', [pair('a', 'x', list), pair('a', 'y', list)], [['a', ['x', 'y']]]],
    ['one list item is a list', [pair('a', 'x', list)], [['a', ['x']]]],
    ['empty values are dropped', [pair('a', ''), pair('b', '', list)], []],
    ['an empty value does not repeat', [pair('a', ''), pair('a', 'x')], [['a', 'x']]],
    ['empty items inside a list stay', [pair('a', '', list), pair('a', 'x', list)], [['a', ['', 'x']]]],
    ['an empty list', [pair('a', 'x', { isList: true, values: [] })], []],
    ['the same in query and body', [pair('a', 'x', query), pair('a', 'x')], [['a', 'x']]],
    [
      'lists the same in query and body',
      [pair('a', 'x', { ...query, ...list }), pair('a', 'x', list)],
      [['a', ['x']]],
    ],
  ];
  test.each(cases)('%s', (_, pairs, expected) => expect([...collectParameters(pairs)]).toEqual(expected));

  const repeated: [string, RawPair[]][] = [
    ['scalar twice', [pair('a', 'x'), pair('a', 'x')]],
    ['scalar twice in the query', [pair('a', 'x', query), pair('a', 'x', query)]],
    ['scalar, then list', [pair('a', 'x'), pair('a', 'y', list)]],
    ['list, then scalar', [pair('a', 'x', list), pair('a', 'y')]],
    ['query and body differ', [pair('a', 'x', query), pair('a', 'y')]],
    ['scalar in the query, list in the body', [pair('a', 'x', query), pair('a', 'x', list)]],
  ];
  test.each(repeated)('refuses %s', (_, pairs) => {
    expect(() => collectParameters(pairs)).toThrow('Parameter a was given more than once');
  });

  test('a documented list may repeat without brackets', () => {
    const pairs = [pair('tags', 'x'), pair('tags', 'y,z')];
    expect([...collectParameters(pairs, new Set(['tags']))]).toEqual([['tags', ['x', 'y,z']]]);
    expect([...collectParameters([pair('tags', 'x,y')], new Set(['tags']))]).toEqual([['tags', 'x,y']]);
  });
});

test('checkText refuses every control character, and allows LF where it may be', () => {
  for (let code = 0; code < 0xa0; code++) {
    const text = `a${String.fromCharCode(code)}b`;
    const isControl = code < 0x20 || code >= 0x7f;
    const check = (name: string) => () => checkText(name, text);
    if (isControl) expect(check('tags'), String(code)).toThrow('contains characters');
    else expect(check('tags')).not.toThrow();
    if (isControl && code !== 0x0a) expect(check('context')).toThrow();
    else expect(check('context')).not.toThrow();
  }
  expect(() => checkText('tags', '\u{1f600}')).not.toThrow();
  expect(() => checkText('tags', '\ud83d')).toThrow();
});
