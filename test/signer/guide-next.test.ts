import { expect, test } from 'vitest';
import { blocksOf, readDoc } from '../support/doc-blocks.js';

/*
 * The guide for Next shows the files of test/drop-in/next: built and used by test/browser/drop-in-next.test.ts. Its route also runs
 * in servers.test.ts, its component in test/browser/react.test.ts.
 */
const blocks = blocksOf(readDoc('docs/guides/next.md'));

test.each([...blocks])('the guide shows %s as it runs', (name, code) => {
  expect(code).toBe(readDoc(`test/drop-in/next/${name}`));
});

test('the README of the component shows the same', () => {
  const [shown, ...others] = blocksOf(readDoc('packages/react/README.md'));
  expect([shown, others]).toEqual([['app/photos/add-photo.jsx', blocks.get('app/photos/add-photo.jsx')], []]);
});

test('its route is the one of the signer’s README', () => {
  expect(blocks.size).toBe(6);
  expect(blocks.get('app/api/sign/route.js')).toBe(readDoc('test/signer/examples/next.mjs'));
});
