import { describe, expect, test } from 'vitest';
import type { QueueFile } from '../core/queue-file.js';
import type { UploadWidgetResult } from '../events.js';
import { createSettings } from '../options.js';
import { progressOf, queueItem, uploadInfo } from './describe.js';

const answer = {
  ...{ public_id: 'a/b', version: 12, format: 'png', resource_type: 'image', type: 'upload' },
  secure_url: 'https://media.example/demo/image/upload/v12/a/b.png',
};
const file: QueueFile = {
  ...{ id: '1', batchId: '2', name: 'b.png', size: 200, type: 'image/png', content: '', status: 'done' },
  ...{ sentBytes: 200, confirmedBytes: 0, uploadId: '3', failure: null, uploadInfo: answer },
  details: {
    file: null,
    source: 'camera',
    publicId: 'x',
    publicIdCounter: 0,
    dimensions: null,
    coordinates: [1, 2, 3, 4],
    prepared: {},
  },
};

describe('what events carry', () => {
  test('the answer, and what the widget adds', () => {
    expect(uploadInfo(file, createSettings({}))).toEqual({
      ...answer,
      ...{ id: '1', batchId: '2', path: 'v12/a/b.png', coordinates: { custom: [[1, 2, 3, 4]] } },
      thumbnail_url: 'https://media.example/demo/image/upload/c_limit,h_60,w_90/v12/a/b.png',
    });
    const faces = uploadInfo(file, createSettings({ croppingCoordinatesMode: 'face' }));
    expect(faces.coordinates).toEqual({ faces: [[1, 2, 3, 4]] });
  });

  test('raw files have no format in their path, and no thumbnail', () => {
    const raw = { ...file, uploadInfo: { ...answer, public_id: 'a.zip', resource_type: 'raw' } };
    expect(uploadInfo(raw, createSettings({}))).toMatchObject({ path: 'v12/a.zip' });
    expect(uploadInfo(raw, createSettings({}))).not.toHaveProperty('thumbnail_url');
  });

  test('a queue item', () => {
    expect(queueItem(file, createSettings({}))).toMatchObject({
      status: 'uploaded',
      progress: 100,
      done: true,
      camera: true,
      publicId: 'x',
    });
  });

  test.each([
    ['uploading', 200, 99],
    ['uploading', 50, 25],
    ['failed', 0, 0],
    ['done', 0, 100],
  ] as const)('progress of %s with %d of 200 bytes: %d', (status, sentBytes, percent) => {
    expect(progressOf({ ...file, status, sentBytes })).toBe(percent);
  });

  test('the event narrows the type of its info', () => {
    const read = (result: UploadWidgetResult): string => {
      switch (result.event) {
        case 'success':
          return result.info.secure_url;
        case 'display-changed':
          return result.info satisfies 'shown' | 'hidden' | 'minimized' | 'expanded';
        case 'abort':
          return result.info.ids.join();
        default:
          return result.event;
      }
    };
    expect(read({ event: 'display-changed', info: 'shown' })).toBe('shown');
  });
});
