import { ApiError } from '@counterseal/protocol';
import { expect, test } from 'vitest';
import { BlobTooLargeError, StorageFullError } from '../ports/blob-store.js';
import { StoreBusyError } from '../ports/io.js';
import { RemoteFetchError } from '../ports/remote-fetcher.js';
import { RendererBusyError, RenderLimitError, UndecodableError } from '../ports/renderer.js';
import { toApiError } from './to-api-error.js';

const url = 'https://example.com/a.jpg';
const context = { maxFileBytes: 10, url, format: 'png' };

test.each([
  [new BlobTooLargeError(22), 400, 'File size too large. Got 22. Maximum is 10.'],
  [new StorageFullError(), 500, 'The storage is full'],
  [new StoreBusyError('locked'), 420, 'Rate limit exceeded: the server is busy, retry in 5 seconds'],
  [new RenderLimitError('pixels', 9, 8), 400, 'Image is too large: 9 pixels. Maximum is 8 for png'],
  [new RenderLimitError('pixels', 9, 8, 'gif'), 400, 'Image is too large: 9 pixels. Maximum is 8 for gif'],
  [
    new RenderLimitError('result', 9, 8),
    400,
    'Image is too large: the result would have 9 pixels. Maximum is 8',
  ],
  [new RenderLimitError('time', 10_500, 10_000), 400, 'Transformation took longer than 10 seconds'],
  [new RenderLimitError('frames', 301, 300), 400, 'Image has too many frames: 301. Maximum is 300'],
  [new RenderLimitError('memory', 2, 1), 400, 'Image takes too much memory to process'],
  [new UndecodableError('bad header'), 400, 'Invalid image file'],
  [new RemoteFetchError('404 Not Found'), 400, `Error in loading ${url} - 404 Not Found`],
  [new RemoteFetchError('', { tooLargeBytes: 11 }), 400, 'File size too large. Got 11. Maximum is 10.'],
  [new Error('secret detail'), 500, 'General Error'],
  ['a string', 500, 'General Error'],
])('%s', (error, status, message) => {
  const apiError = toApiError(error, context);
  expect(apiError).toMatchObject({ status, message, cause: error });
});

test('busy says when to come back', () => {
  expect(toApiError(new RendererBusyError())).toMatchObject({
    status: 420,
    code: 'busy',
    retryAfterSeconds: 5,
  });
});

test('an ApiError stays itself', () => {
  const error = new ApiError('empty-file');
  expect(toApiError(error)).toBe(error);
});
