import { describe, expect, it } from 'vitest';
import { readUploadRange } from './content-range.js';

const headers = (range?: string, uploadId?: string) => ({
  ...(range === undefined ? {} : { 'content-range': range }),
  ...(uploadId === undefined ? {} : { 'x-unique-upload-id': uploadId }),
});

describe('readUploadRange', () => {
  it.each([
    ['no header', headers()],
    ['an upload id alone', headers(undefined, 'id')],
  ])('ordinary: %s', (_, given) => {
    expect(readUploadRange(given)).toEqual({ kind: 'none' });
  });

  it.each([
    ['bytes 0-9/10', 10],
    ['bytes 0-0/1', 1],
    ['bytes 0--1/0', 0],
  ])('whole: %s', (range, bytes) => {
    expect(readUploadRange(headers(range))).toEqual({ kind: 'whole', bytes });
  });

  it.each([
    ['bytes 0-9/-1', 0, 10, null],
    ['bytes 0-9/*', 0, 10, null],
    ['bytes 0-9', 0, 10, null],
    ['Bytes 10-19/30', 10, 20, 30],
    ['  bytes 20-29/30 ', 20, 30, 30],
    ['bytes 30-29/30', 30, 30, 30],
  ])('chunk: %s', (range, start, end, totalBytes) => {
    expect(readUploadRange(headers(range, 'an id'))).toEqual({
      kind: 'chunk',
      uploadId: 'an id',
      start,
      end,
      totalBytes,
    });
  });

  it.each([
    '',
    'bytes',
    'bytes */30',
    'bytes 5-4/30',
    'bytes 30-28/30',
    'bytes 30-29/-1',
    'bytes 0--1/5',
    'bytes -5-9/30',
    'bytes 0-30/30',
    'bytes 0-9/-2',
    'bytes 0-9/30/40',
    'bytes 0-9,10-19/30',
    'bytes=0-9/30',
    'items 0-9/30',
    'bytes 0x0-9/30',
    'bytes 0-9999999999999999/-1',
    'bytes 0-9/30, bytes 10-19/30',
  ])('refused: %s', (range) => {
    expect(() => readUploadRange(headers(range, 'id'))).toThrow(`Invalid header Content-Range: ${range}`);
  });

  it.each([undefined, ''])('a part needs an upload id, not %j', (uploadId) => {
    expect(() => readUploadRange(headers('bytes 0-9/30', uploadId))).toThrow(
      'Missing required header - X-Unique-Upload-Id',
    );
  });

  it('bounds the upload id', () => {
    const read = (uploadId: string) => readUploadRange(headers('bytes 0-9/30', uploadId));
    expect(read('x'.repeat(255))).toMatchObject({ uploadId: 'x'.repeat(255) });
    for (const uploadId of ['x'.repeat(256), 'tab\there', 'é'])
      expect(() => read(uploadId)).toThrow('Invalid header X-Unique-Upload-Id');
  });

  it.each(['X-Upload-Part-Number', 'X-Upload-Total-Parts'])('refuses %s without a range', (name) => {
    expect(() => readUploadRange({ [name.toLowerCase()]: '1' })).toThrow(`Unsupported header ${name}`);
    expect(readUploadRange({ ...headers('bytes 0-9/30', 'id'), [name.toLowerCase()]: '1' }).kind).toBe(
      'chunk',
    );
  });
});
