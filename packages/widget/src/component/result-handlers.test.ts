import { expect, test } from 'vitest';
import type { UploadWidgetResult } from '../events.js';
import { createResultCallback, UPLOAD_WIDGET_EVENTS, type UploadWidgetContext } from './result-handlers.js';

const context = { widget: {} } as UploadWidgetContext;
const resultOf = (event: string, info: unknown = undefined) => ({ event, info }) as UploadWidgetResult;

test.each(Object.entries(UPLOAD_WIDGET_EVENTS))('%s is told to %s, once', (event, name) => {
  const told: unknown[][] = [];
  const result = resultOf(event);
  const callback = createResultCallback(
    () => ({ [name]: (...args: unknown[]) => told.push(args) }),
    () => context,
  );
  callback(null, result);
  expect(told).toEqual([[result, context]]);
});

test('hidden is not closed: only close is', () => {
  const told: string[] = [];
  const callback = createResultCallback(
    () => ({ onClose: () => told.push('close'), onDisplayChanged: ({ info }) => told.push(info) }),
    () => context,
  );
  callback(null, resultOf('display-changed', 'hidden'));
  callback(null, resultOf('close'));
  expect(told).toEqual(['hidden', 'close']);
});

test('success is told to onResult, onSuccess and the deprecated onUpload, in this order', () => {
  const told: string[] = [];
  const note = (name: string) => () => told.push(name);
  const callback = createResultCallback(
    () => ({ onUpload: note('onUpload'), onSuccess: note('onSuccess'), onResult: note('onResult') }),
    () => context,
  );
  callback(null, resultOf('success', {}));
  expect(told).toEqual(['onResult', 'onSuccess', 'onUpload']);
});

test('an error is told to onError and onResult', () => {
  const told: unknown[] = [];
  const error = { status: 'no', statusText: 'no' };
  const callback = createResultCallback(
    () => ({
      onError: (given, second) => told.push(given, second),
      onResult: ({ event }) => told.push(event),
    }),
    () => context,
  );
  callback(error, resultOf('error', {}));
  expect(told).toEqual([error, context, 'error']);
});

test('the handler of this moment is called', () => {
  const told: string[] = [];
  let onSuccess = () => told.push('first');
  const callback = createResultCallback(
    () => ({ onSuccess }),
    () => context,
  );
  onSuccess = () => told.push('second');
  callback(null, resultOf('success', {}));
  expect(told).toEqual(['second']);
});
