import { expect, test } from 'vitest';
import { applySections, code, table } from './sections.mjs';

test('writes a section once, replaces it later, leaves prose alone', () => {
  const first = applySections('# Page\n\nProse.\n', { rows: 'one' });
  const edited = `${first}\nMore prose.\n`;
  const second = applySections(edited, { rows: 'two' });
  expect(second).toBe(edited.replace('one', 'two'));
  expect(applySections(second, { rows: 'two' })).toBe(second);
});

test('a dollar sign in the text is only text', () => {
  const page = applySections('# Page\n', { rows: "$& $1 $'" });
  expect(applySections(page, { rows: "$& $1 $'" })).toBe(page);
  expect(page).toContain("$& $1 $'");
});

test('bars and line ends do not break a table', () => {
  expect(table(['a', 'b'], [['x|y', 'one\ntwo']])).toBe('| a | b |\n| --- | --- |\n| x\\|y | one two |');
  expect(code('a`b')).toBe('``a`b``');
});
