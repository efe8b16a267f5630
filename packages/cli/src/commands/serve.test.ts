import { configTable } from '@counterseal/server';
import { expect, test } from 'vitest';
import { serveFlags } from './serve.js';

test('serve has a flag for every setting that has one', () => {
  const settings = Object.values(configTable).flatMap(({ flag }) => (flag === null ? [] : [flag]));
  expect(serveFlags.map(([name]) => name).sort()).toEqual([...settings].sort());
});
