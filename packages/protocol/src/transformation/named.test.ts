import { describe, expect, it } from 'vitest';
import { expandNamed, MAX_EXPANDED_COMPONENTS, namedIn } from './named.js';
import { parseTransformation } from './parse.js';
import { printTransformation } from './print.js';

const store = (texts: Readonly<Record<string, string>>) => (name: string) =>
  Object.hasOwn(texts, name) ? parseTransformation(texts[name] ?? '') : null;

const expand = (text: string, texts: Readonly<Record<string, string>>) =>
  printTransformation(expandNamed(parseTransformation(text), store(texts)));

describe('expandNamed', () => {
  const texts = { small: 'w_100,c_limit', sepia: 'e_sepia/q_50', both: 't_small.sepia', empty: '' };

  it.each([
    ['w_5', 'w_5'],
    ['t_small', 'c_limit,w_100'],
    ['w_500/t_both/f_png', 'w_500/c_limit,w_100/e_sepia/q_50/f_png'],
    ['t_small,f_png', 'c_limit,w_100/f_png'],
    ['t_small/t_small', 'c_limit,w_100/c_limit,w_100'],
    ['t_empty/w_5', 'w_5'],
  ])('%s -> %s', (text, printed) => expect(expand(text, texts)).toBe(printed));

  it('names what is missing', () => {
    expect(() => expand('t_small/t_nope', texts)).toThrow('Unknown transformation nope');
    expect(() => expand('t_constructor', texts)).toThrow('Unknown transformation constructor');
  });

  it('refuses cycles, deep nesting and expansion bombs', () => {
    expect(() => expand('t_a', { a: 't_b', b: 't_a' })).toThrow(
      'Invalid named transformation in transformation: a',
    );
    const deep = { a: 't_b', b: 't_c', c: 't_d', d: 't_e', e: 't_f', f: 'w_1' };
    expect(() => expand('t_a', deep)).toThrow('Invalid named transformation in transformation: f');
    expect(expand('t_b', deep)).toBe('w_1');
    const wide = (inner: string) => Array(8).fill(inner).join('.');
    const bomb = { a: `t_${wide('b')}`, b: `t_${wide('c')}`, c: 'w_1' };
    expect(8 * 8 * 8).toBeGreaterThan(MAX_EXPANDED_COMPONENTS);
    expect(() => expand(`t_${wide('a')}`, bomb)).toThrow('Invalid Transformation');
  });

  it('is bounded for stored transformations that are empty', () => {
    const wide = (inner: string) =>
      Array(32)
        .fill(`t_${Array(8).fill(inner).join('.')}`)
        .join('/');
    const bomb = { a: wide('b'), b: wide('c'), c: wide('d'), d: wide('e'), e: '' };
    expect(() => expand('t_a', bomb)).toThrow('Invalid Transformation');
  });
});

describe('namedIn', () => {
  it('lists each name once, in order', () => {
    expect(namedIn(parseTransformation('t_b.a/w_5/t_a,f_png/t_c'))).toEqual(['b', 'a', 'c']);
  });
});
