import { expect, test } from 'vitest';
import { uploadPolicy } from '../upload-policy.js';
import { itemsOf } from './restrict.js';

test.each([
  ['tags', 'a, b', ['a', 'b']],
  ['eager', 'c_fill,w_1|e_blur', ['c_fill,w_1', 'e_blur']],
  ['context', 'owner=42|role=admin', ['owner=42', 'role=admin']],
  ['folder', 'a,b|c', ['a,b|c']],
])('%s is judged item by item', (parameter, value, items) => {
  expect(itemsOf(parameter, value)).toEqual(items);
});

test('a pattern holds for every eager transformation', () => {
  const policy = uploadPolicy({ patterns: { eager: ['c_fill*'] } });
  const ask = (eager: string) =>
    policy.evaluate({ source: 'uw', timestamp: '1000', eager }, { nowSeconds: 1000, amend: false }).outcome;
  expect(ask('c_fill,w_10|c_fill,w_20')).toBe('allow');
  expect(ask('c_fill,w_10|c_scale,w_9000')).toBe('refuse');
});
