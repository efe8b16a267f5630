import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TextTree } from '../options.js';
import { en } from './en.js';
import { localeFor, localeTags } from './tags.js';
import { createTranslate, sizeText, timeText } from './text.js';

/** `path: placeholders` of every text. */
function shapeOf(tree: TextTree, path = ''): string[] {
  return Object.entries(tree)
    .flatMap(([key, value]) => {
      if (typeof value === 'object') return shapeOf(value, `${path}${key}.`);
      const placeholders = [...value.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
      return [`${path}${key}: ${placeholders.join(' ')}`];
    })
    .sort();
}

describe('locales', () => {
  test('every file is listed', () => {
    const files = readdirSync(new URL('.', import.meta.url)).map((name) => name.replace(/\.ts$/, ''));
    expect(files.filter((name) => !['en', 'text', 'tags', 'locales.test'].includes(name)).sort()).toEqual([
      ...localeTags,
    ]);
  });

  test.each(localeTags)('%s has every text with the same placeholders, none empty', async (tag) => {
    const { locale } = (await import(`./${tag}.ts`)) as { locale: TextTree };
    expect(shapeOf(locale)).toEqual(shapeOf(en));
    expect(JSON.stringify(locale)).not.toMatch(/:""/);
  });

  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['pt', 'pt-br'],
    ['pt_BR', 'pt-br'],
    ['zh-CN', 'zh-cn'],
    ['en', null],
    ['xx', null],
  ])('%s -> %s', (language, tag) => {
    expect(localeFor(language)).toBe(tag);
  });
});

describe('texts', () => {
  const t = createTranslate({ menu: { files: 'Mine' }, 'queue.done': 'no' }, { queue: { done: 'Fertig' } });
  test('the page first, then the locale, then English, then the path', () => {
    expect(t('menu.files')).toBe('Mine');
    expect(t('queue.done')).toBe('Fertig');
    expect(t('close')).toBe('Close');
    expect(t('nothing.there')).toBe('nothing.there');
    expect(t('toString')).toBe('toString');
  });
  test('placeholders', () => {
    expect(t('queue.pause', { name: '{{x}} a' })).toBe('Pause {{x}} a');
  });
  test('sizes and times', () => {
    expect(sizeText(999, t, 'en')).toBe('999 B');
    expect(sizeText(1_234_567, t, 'en')).toBe('1.23 MB');
    expect(sizeText(1_234_567, t, 'de')).toBe('1,23 MB');
    expect(timeText(400, t)).toBe('1 s');
    expect(timeText(600_000, t)).toBe('10 min');
  });
});
