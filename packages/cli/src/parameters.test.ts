import { describe, expect, test } from 'vitest';
import { parseAssignments, parseJsonParameters } from './parameters.js';

describe('parseAssignments', () => {
  test('splits at the first equals sign and keeps the rest as it is', () => {
    expect(parseAssignments(['context=a=b|c=d', 'tags=', 'text=two\nlines'])).toEqual({
      context: 'a=b|c=d',
      tags: '',
      text: 'two\nlines',
    });
  });

  test.each([
    [['public_id'], 'not KEY=VALUE'],
    [['=value'], 'not KEY=VALUE'],
    [['a b=c'], 'not KEY=VALUE'],
    [['tags=a', 'tags=b'], 'tags was given twice'],
  ])('%j is refused', (args, message) => {
    expect(() => parseAssignments(args)).toThrow(message);
  });
});

describe('parseJsonParameters', () => {
  test('turns values into the text of the wire', () => {
    const text =
      '{"timestamp":1315060510,"overwrite":false,"tags":["a","b"],"eager":["w_1","w_2"],"none":null}';
    expect(parseJsonParameters(text)).toEqual({
      timestamp: '1315060510',
      overwrite: 'false',
      tags: 'a,b',
      eager: 'w_1|w_2',
    });
  });

  test.each([
    ['{"a":', 'not valid JSON'],
    ['["a"]', 'must be an object'],
    ['"a"', 'must be an object'],
    ['{"context":{"a":"b"}}', 'context must be text'],
  ])('%s is refused', (text, message) => {
    expect(() => parseJsonParameters(text)).toThrow(message);
  });
});
