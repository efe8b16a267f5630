import { expect, test } from 'vitest';
import { checkFile } from '../core/restrictions.js';
import { createTranslate } from '../locales/text.js';
import { refusalText } from './take-in.js';

test.each([
  [2_500_000, 'Its size (2.5 MB) is more than the allowed 1 MB.'],
  [1_000_001, 'Its size (1000001 B) is more than the allowed 1000000 B.'],
])('a file of %i bytes where 1 MB is allowed', (size, text) => {
  const refusal = checkFile({ name: 'a.bin', type: '', size }, { maxFileSize: 1_000_000 });
  expect(refusal && refusalText(refusal, { t: createTranslate(), language: 'en' })).toBe(text);
});
