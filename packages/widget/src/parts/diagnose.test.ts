import { expect, test } from 'vitest';
import { diagnose } from './diagnose.js';

const refused = (text: string) => `Invalid Signature ${'a'.repeat(40)}. String to sign - '${text}'.`;
const signed = { folder: 'mine', source: 'uw', timestamp: '1' };

test.each([
  ['folder=mine&source=uw&timestamp=1', /Both are equal/],
  ['folder=other&source=uw&timestamp=1', /differ in folder: the server has 'other', the widget 'mine'/],
  ['folder=mine&source=uw&tags=x&timestamp=1', /Only the server has tags/],
  ['source=uw&timestamp=1', /Only the widget has folder/],
])('%s', (text, reason) => {
  expect(diagnose(refused(text), signed)).toMatch(reason);
});

test('another message is not diagnosed', () => {
  expect(diagnose('Stale request', signed)).toBeNull();
});
