import { describe, expect, it } from 'vitest';
import { attachmentOf, isOriginalRequest, usesClientHints, varyHeaders } from './inspect.js';
import { parseTransformation } from './parse.js';

describe('varyHeaders', () => {
  it.each([
    ['', []],
    ['w_100,f_jpg,q_80,dpr_2', []],
    ['f_auto', ['Accept']],
    ['w_5/f_auto/q_auto:eco', ['Accept', 'Save-Data']],
    ['dpr_auto,w_5', ['DPR', 'Sec-CH-DPR']],
  ])('%s', (text, headers) => {
    const transformation = parseTransformation(text);
    expect(varyHeaders(transformation)).toEqual(headers);
    expect(usesClientHints(transformation)).toBe(headers.length > 0);
  });
});

describe('attachmentOf', () => {
  it.each([
    ['w_5', null],
    ['fl_attachment', { filename: null }],
    ['w_5/fl_progressive.attachment:my pic', { filename: 'my pic' }],
    ['fl_attachment:über%2ejpg', { filename: 'über.jpg' }],
  ])('%s', (text, attachment) => expect(attachmentOf(parseTransformation(text))).toEqual(attachment));
});

describe('isOriginalRequest', () => {
  it.each([
    ['', true],
    ['fl_attachment:a/fl_sanitize', true],
    ['fl_progressive', false],
    ['fl_attachment,w_5', false],
    ['f_auto', false],
    ['t_name', false],
  ])('%s -> %s', (text, original) => expect(isOriginalRequest(parseTransformation(text))).toBe(original));
});
