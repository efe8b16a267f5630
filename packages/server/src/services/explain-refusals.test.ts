import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { AccountStore } from '../ports/account-store.js';
import { createExplainRefusals } from './explain-refusals.js';

test('a request of megabytes is logged without trying mistakes on it', async () => {
  const lines: unknown[] = [];
  const note = (_message: string, fields?: unknown) => void lines.push(fields);
  const accounts: Pick<AccountStore, 'listKeys' | 'findKey'> = {
    listKeys: async () => [],
    findKey: async () => null,
  };
  const logger = { debug: note, info: note, warn: note, error: note };
  const explain = createExplainRefusals({ accounts, clock: { now: () => 1_000_000 }, logger });
  explain({
    cloud: 'demo',
    operation: 'upload',
    parameters: new Map([['context', `a=${'b'.repeat(9000)}`]]),
  });
  await nextTurn();
  await nextTurn();
  expect(lines).toEqual([
    { cloud: 'demo', operation: 'upload', names: ['context'], diagnosis: 'too long to explain' },
  ]);
});
