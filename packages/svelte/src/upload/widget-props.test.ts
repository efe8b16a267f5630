import type { UploadWidgetContext } from '@counterseal/widget/components';
import { expect, test } from 'vitest';
import { buttonPropsOf, componentProps, widgetPropsOf } from './widget-props.js';

test('a button keeps what is not for the widget', () => {
  const onSuccess = () => {};
  const props = { uploadPreset: 'p', onSuccess, config: {}, class: 'big', 'data-id': 1, onclick: onSuccess };
  expect(widgetPropsOf(props)).toEqual({ uploadPreset: 'p', onSuccess, config: {} });
  expect(buttonPropsOf(props)).toEqual({ class: 'big', 'data-id': 1, onclick: onSuccess });
});

test('onError is told a text, as in the original; nothing is made of a handler that is not there', () => {
  const told: unknown[] = [];
  const context = {} as UploadWidgetContext;
  const given = componentProps({ onError: (...args) => told.push(...args) }, { cloudName: 'demo' });
  expect(given.config).toMatchObject({ cloudName: 'demo' });
  given.onError?.({ status: 'no', statusText: 'not so' }, context);
  expect(told).toEqual(['not so', context]);
  expect(componentProps({}, null).onError).toBeUndefined();
});
