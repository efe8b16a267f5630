import { operations, stringToSign } from '@counterseal/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type UploadPolicyOptions, uploadPolicy } from './upload-policy.js';

const nowSeconds = 1_700_000_000;
const everyName = [
  ...Object.keys(operations.upload.params),
  ...Object.keys(operations.destroy.params),
  'from_public_id',
];
const safe = ['public_id', 'folder', 'tags', 'format', 'upload_preset', 'filename_override'] as const;
const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...safe, 'context') },
  { weight: 1, arbitrary: fc.constantFrom(...everyName) },
);
const hostile = ['&', '%26', '=', '|', ',', '/', '..', '\\', 'overwrite=true', 'é', 'e\u0301', '{', '"'];
const value = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('a', 'b', 'a,app', 'users/42', 'owner=7', 'k=v|owner=7', 'web') },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom('a', 'b', ...hostile), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('')),
  },
);
const request = fc
  .record({
    params: fc.dictionary(name, value, { maxKeys: 4 }),
    source: fc.boolean(),
    age: fc.integer({ min: -400, max: 3_700 }),
  })
  .map(({ params, source, age }) => ({
    ...params,
    timestamp: String(nowSeconds - age),
    ...(source ? { source: 'uw' } : {}),
  }));

const forcedText = fc.constantFrom('users/42', 'a', 'x/y');
const options: fc.Arbitrary<UploadPolicyOptions> = fc.record(
  {
    allow: fc.subarray([...safe]),
    force: fc.dictionary(fc.constantFrom('folder', 'asset_folder', 'overwrite', 'upload_preset'), forcedText),
    prefixes: fc.dictionary(
      fc.constantFrom('public_id', 'folder'),
      forcedText.map((text) => [text]),
    ),
    values: fc.dictionary(fc.constantFrom('format', 'tags'), fc.constant(['a', 'b'])),
    includeTags: fc.subarray(['a', 'app']),
    includeContext: fc.constant({ owner: '7' }),
    requirePreset: fc.constantFrom('web', 'a'),
    allowAmpersand: fc.subarray([...safe]),
  },
  { requiredKeys: [] },
);

describe('for random policies and requests', () => {
  test('what is signed is allowed: it passes again as it is, and holds only permitted names', () => {
    let allowed = 0;
    fc.assert(
      fc.property(options, request, fc.boolean(), (given, params, amend) => {
        const policy = uploadPolicy(given);
        const verdict = policy.evaluate(params, { nowSeconds, amend });
        if (verdict.outcome === 'refuse') return;
        allowed += 1;
        expect(policy.evaluate(verdict.params, { nowSeconds, amend: false })).toEqual(verdict);
        const permitted = new Set(policy.rules.flatMap(({ permits = [] }) => permits));
        for (const name of Object.keys(verdict.params)) expect(permitted).toContain(name);
        if (!amend) expect({ ...verdict.params }).toEqual(params);
      }),
      { numRuns: 2_000 },
    );
    expect(allowed).toBeGreaterThan(100);
  });

  test('forced values always win', () => {
    fc.assert(
      fc.property(options, request, fc.boolean(), (given, params, amend) => {
        const verdict = uploadPolicy(given).evaluate(params, { nowSeconds, amend });
        if (verdict.outcome === 'refuse') return;
        for (const [name, forced] of Object.entries(given.force ?? {}))
          expect(verdict.params[name]).toBe(forced);
        if (given.includeContext !== undefined)
          expect(verdict.params.context?.split('|')).toContain('owner=7');
        for (const tag of given.includeTags ?? [])
          expect(verdict.params.tags).toMatch(new RegExp(`(^|, *)${tag}(,|$)`));
      }),
      { numRuns: 2_000 },
    );
  });

  test('no two different signed requests have one string to sign', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(request, (params) => {
        const policy = uploadPolicy({ allow: [...safe], allowAmpersand: [...safe, 'context'] });
        const verdict = policy.evaluate(params, { nowSeconds, amend: false });
        if (verdict.outcome === 'refuse') return;
        const text = stringToSign(verdict.params);
        const json = JSON.stringify(Object.entries(verdict.params).sort());
        expect(seen.get(text) ?? json).toBe(json);
        seen.set(text, json);
      }),
      { numRuns: 3_000 },
    );
    expect(seen.size).toBeGreaterThan(50);
  });
});
