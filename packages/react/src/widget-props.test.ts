import type { UploadWidgetResult } from '@counterseal/widget';
import type { UploadWidgetContext } from '@counterseal/widget/components';
import { expect, test, vi } from 'vitest';
import { splitProps } from './props.js';
import { widgetProps } from './widget-props.js';

const context = {} as UploadWidgetContext;
const ended = {
  event: 'queues-end',
  info: {
    files: [{ name: 'a.txt', file: new File(['bytes'], 'a.txt'), preparedParams: { call: () => {} } }],
  },
} as unknown as Extract<UploadWidgetResult, { event: 'queues-end' }>;

test('an action is called after the handler, with nothing that cannot be sent', () => {
  const told: unknown[][] = [];
  const props = widgetProps({
    onQueuesEnd: (...given) => told.push(['handler', ...given]),
    onQueuesEndAction: (...given) => told.push(['action', ...given]),
  });
  props.onQueuesEnd?.(ended, context);
  expect(told).toEqual([
    ['handler', ended, context],
    ['action', { event: 'queues-end', info: { files: [{ name: 'a.txt', file: null, preparedParams: {} }] } }],
  ]);
});

test('an action alone is enough; a handler alone is passed on as it is', () => {
  const [action, handler] = [vi.fn(), vi.fn()];
  const props = widgetProps({ onQueuesEndAction: action, onAbort: handler });
  props.onQueuesEnd?.(ended, context);
  expect(action).toHaveBeenCalledOnce();
  expect(props.onAbort).toBe(handler);
  expect(props.onSuccess).toBeUndefined();
});

test('config before the environment, name by name', () => {
  vi.stubEnv('NEXT_PUBLIC_CLOUDINARY_CLOUD_NAME', 'of-the-build');
  vi.stubEnv('NEXT_PUBLIC_CLOUDINARY_API_KEY', 'key-of-the-build');
  const { config } = widgetProps({ config: { cloud: { cloudName: 'given' } } });
  expect(config).toMatchObject({ cloudName: 'given', apiKey: 'key-of-the-build' });
  vi.unstubAllEnvs();
});

test.each([
  ['a text', '/api/sign', '/api/sign'],
  ['an address', new URL('https://example.org/sign'), 'https://example.org/sign'],
  ['a request', new Request('https://example.org/sign'), 'https://example.org/sign'],
  ['nothing', undefined, undefined],
])('the signing endpoint as %s', (_, given, expected) => {
  expect(widgetProps({ signatureEndpoint: given }).signatureEndpoint).toBe(expected);
});

test('props of a button: what is the widget’s, and the rest', () => {
  const given = { onSuccess: vi.fn(), onSuccessAction: vi.fn(), onError: vi.fn(), uploadPreset: 'open' };
  const rest = { id: 'up', className: 'fancy', onFocus: vi.fn(), 'aria-label': 'Upload' };
  expect(splitProps({ ...given, ...rest })).toEqual({ own: given, rest });
});
