import { describe, expect, test } from 'vitest';
import type { Verdict } from './rule.js';
import { type UploadPolicyOptions, uploadPolicy } from './upload-policy.js';

const nowSeconds = 1_700_000_000;
const time = String(nowSeconds);
const widget = { source: 'uw', timestamp: time };

const ask = (options: UploadPolicyOptions, params: object, amend = false): Verdict =>
  uploadPolicy(options).evaluate({ ...params }, { nowSeconds, amend });

function outcome(verdict: Verdict): string {
  if (verdict.outcome === 'allow') return 'allow';
  const { parameter, rule, required } = verdict.refusal;
  return [parameter, rule, ...(required === undefined ? [] : [required])].join(' ');
}

describe('the default policy', () => {
  test.each<[string, object, string]>([
    ['the smallest request of the widget', widget, 'allow'],
    ['tags and context', { ...widget, tags: 'a,b', context: 'k=v' }, 'allow'],
    ['lists', { ...widget, tags: ['a', 'b'] }, 'allow'],
    ['empty values, as if they were not there', { ...widget, overwrite: '', folder: '' }, 'allow'],
    ['unique file names', { ...widget, use_filename: 'true', unique_filename: 'true' }, 'allow'],
    ['file names as they are', { ...widget, unique_filename: 'false' }, 'unique_filename allowed-values'],
    ['no source', { timestamp: time }, 'source upload-only'],
    ['a public id', { ...widget, public_id: 'cat' }, 'public_id deny-by-default'],
    ['a folder', { ...widget, folder: 'a' }, 'folder deny-by-default'],
    ['a preset', { ...widget, upload_preset: 'p' }, 'upload_preset deny-by-default'],
    ['transformations', { ...widget, eager: 'w_1' }, 'eager deny-by-default'],
    ['overwrite', { ...widget, overwrite: 'true' }, 'overwrite never-signable'],
    ['type', { ...widget, type: 'private' }, 'type never-signable'],
    ['notification_url', { ...widget, notification_url: 'http://a' }, 'notification_url never-signable'],
    ['eval', { ...widget, eval: 'x' }, 'eval never-signable'],
    ['what rename knows', { ...widget, from_public_id: 'a' }, 'from_public_id never-signable'],
    ['what the tags call knows', { ...widget, command: 'add' }, 'command never-signable'],
    ['version, which response signatures cover', { ...widget, version: '1' }, 'version never-signable'],
    ['names that are never signed', { ...widget, api_key: '1' }, 'api_key signable-text'],
    ['&', { ...widget, tags: 'a&overwrite=true' }, 'tags ampersand'],
    ['%26', { ...widget, tags: 'a%26b' }, 'tags signable-text'],
    ['control characters', { ...widget, tags: 'a\u0000' }, 'tags signable-text'],
    ['a name that holds a pair', { ...widget, 'tags=a': 'b' }, 'tags=a signable-text'],
    [
      '__proto__',
      JSON.parse(`{"__proto__":"x","source":"uw","timestamp":${time}}`),
      '__proto__ signable-text',
    ],
    ['no timestamp', { source: 'uw' }, 'timestamp timestamp'],
    ['milliseconds', { source: 'uw', timestamp: `${time}000` }, 'timestamp timestamp'],
    ['one hour old', { source: 'uw', timestamp: nowSeconds - 3600 }, 'allow'],
    ['older', { source: 'uw', timestamp: nowSeconds - 3601 }, 'timestamp timestamp'],
    ['five minutes ahead', { source: 'uw', timestamp: nowSeconds + 300 }, 'allow'],
    ['further ahead', { source: 'uw', timestamp: nowSeconds + 301 }, 'timestamp timestamp'],
    ['the far future', { source: 'uw', timestamp: '99999999999' }, 'timestamp timestamp'],
    ['a padded timestamp', { source: 'uw', timestamp: `00${time}` }, 'timestamp timestamp'],
  ])('%s', (_, params, expected) => {
    expect(outcome(uploadPolicy().evaluate({ ...params }, { nowSeconds, amend: false }))).toBe(expected);
  });
});

describe('rules', () => {
  test.each<[string, UploadPolicyOptions, object, string]>([
    ['a forced value that is there', { force: { folder: 'users/42' } }, { folder: 'users/42' }, 'allow'],
    ['a forced value that is not', { force: { folder: 'users/42' } }, {}, 'folder forced-value users/42'],
    ['another one', { force: { folder: 'users/42' } }, { folder: 'x' }, 'folder forced-value users/42'],
    ['a forced dangerous value', { force: { overwrite: false } }, { overwrite: 'false' }, 'allow'],
    [
      'the same, turned',
      { force: { overwrite: false } },
      { overwrite: 'true' },
      'overwrite forced-value false',
    ],
    ['a forced list', { force: { tags: ['a', 'b'] } }, { tags: ['a', 'b'] }, 'allow'],
    ['tags beside ours', { includeTags: ['app'] }, { tags: 'x, app' }, 'allow'],
    ['tags without ours', { includeTags: ['app'] }, { tags: 'x,apps' }, 'tags include-tags x,apps,app'],
    ['context beside ours', { includeContext: { owner: '7' } }, { context: 'a=b|owner=7' }, 'allow'],
    [
      'another owner',
      { includeContext: { owner: '7' } },
      { context: 'owner=8' },
      'context include-context owner=7',
    ],
    [
      'two owners',
      { includeContext: { owner: '7' } },
      { context: 'owner=7|owner=8' },
      'context include-context owner=7',
    ],
    [
      'a spaced owner',
      { includeContext: { owner: '7' } },
      { context: 'owner=7| owner =8' },
      'context include-context owner=7',
    ],
    [
      'an escaped pair',
      { includeContext: { owner: '7' } },
      { context: 'a=\\|owner=7' },
      'context include-context',
    ],
    [
      'a pair inside JSON',
      { includeContext: { owner: '7' } },
      { context: '{"owner":"8","x":"y|owner=7|z"}' },
      'context include-context',
    ],
    ['an allowed value', { values: { format: ['jpg', 'png'] } }, { format: 'png' }, 'allow'],
    ['another value', { values: { format: ['jpg'] } }, { format: 'gif' }, 'format allowed-values'],
    [
      'allowed items',
      { values: { allowed_formats: ['jpg', 'png'] } },
      { allowed_formats: 'png,jpg' },
      'allow',
    ],
    [
      'one item too many',
      { values: { allowed_formats: ['jpg'] } },
      { allowed_formats: 'jpg,svg' },
      'allowed_formats allowed-values',
    ],
    ['below a path', { prefixes: { public_id: ['users/42'] } }, { public_id: 'users/42/cat' }, 'allow'],
    [
      'beside a path',
      { prefixes: { public_id: ['users/42'] } },
      { public_id: 'users/421' },
      'public_id prefix',
    ],
    [
      'up and out of it',
      { prefixes: { public_id: ['users/42'] } },
      { public_id: 'users/42/../7' },
      'public_id safe-path',
    ],
    [
      'the response oracle',
      { allow: ['public_id'], allowAmpersand: ['public_id'] },
      { public_id: `v&timestamp=${time}` },
      'public_id safe-path',
    ],
    [
      'letters that would melt together',
      { prefixes: { public_id: ['a'] } },
      { public_id: 'a/e\u0301' },
      'public_id safe-path',
    ],
    ['a pattern', { patterns: { filename_override: ['*.jp?g'] } }, { filename_override: 'a.jpeg' }, 'allow'],
    [
      'not the pattern',
      { patterns: { filename_override: ['*.jpg'] } },
      { filename_override: 'a.jpg.exe' },
      'filename_override pattern',
    ],
    ['* is no slash', { patterns: { folder: ['teams/*'] } }, { folder: 'teams/a/b' }, 'folder pattern'],
    [
      'a number in range',
      { ranges: { quality_override: { minimum: 1, maximum: 80 } } },
      { quality_override: 80 },
      'allow',
    ],
    [
      'out of range',
      { ranges: { quality_override: { maximum: 80 } } },
      { quality_override: 81 },
      'quality_override range',
    ],
    [
      'no number',
      { ranges: { quality_override: { maximum: 80 } } },
      { quality_override: '0x1' },
      'quality_override range',
    ],
    ['allowed eager', { transformations: { eager: ['w_1', 't_thumb'] } }, { eager: 't_thumb|w_1' }, 'allow'],
    [
      'other eager',
      { transformations: { eager: ['w_1'] } },
      { eager: 'w_1|w_9999' },
      'eager transformations',
    ],
    ['the required preset', { requirePreset: 'web' }, { upload_preset: 'web' }, 'allow'],
    ['without it', { requirePreset: 'web' }, {}, 'upload_preset required-preset web'],
    ['a named danger', { allowDangerous: ['overwrite'] }, { overwrite: 'true' }, 'allow'],
    [
      'values do not undo a danger',
      { values: { overwrite: ['true'] } },
      { overwrite: 'true' },
      'overwrite never-signable',
    ],
    ['a named &', { allowAmpersand: ['tags'] }, { tags: 'a&b' }, 'allow'],
    [
      'a narrower window',
      { timestamp: { maxAgeSeconds: 60 } },
      { timestamp: nowSeconds - 61 },
      'timestamp timestamp',
    ],
    [
      'a wider window than the server has',
      { timestamp: { maxAgeSeconds: 9999 } },
      { timestamp: nowSeconds - 3601 },
      'timestamp timestamp',
    ],
    [
      'a required preset stands for source',
      { requirePreset: 'web' },
      { source: '', upload_preset: 'web' },
      'allow',
    ],
  ])('%s', (_, options, params, expected) => {
    expect(outcome(ask(options, { ...widget, ...params }))).toBe(expected);
  });

  test('amends where the caller takes it, and keeps what the widget sent', () => {
    const options = { force: { folder: 'users/42' }, includeTags: ['app'], includeContext: { owner: '7' } };
    const verdict = ask(options, { ...widget, folder: 'x', tags: 'a', context: 'owner=8|k=v' }, true);
    expect(verdict).toEqual({
      outcome: 'allow',
      params: { ...widget, folder: 'users/42', tags: 'a,app', context: 'k=v|owner=7' },
    });
    expect(ask({}, {}, true)).toMatchObject({ params: { source: 'signer', timestamp: time } });
  });

  test.each<[string, UploadPolicyOptions]>([
    ['a danger that is merely allowed', { allow: ['overwrite'] }],
    ['a parameter of another operation', { allow: ['from_public_id'] }],
    ['a forced value with %26', { force: { folder: 'a%26b' } }],
    ['a forced nothing', { force: { folder: '' } }],
    ['a forced api_key', { force: { api_key: '1' } }],
    ['a tag with a comma', { includeTags: ['a,b'] }],
    ['a context value with a bar', { includeContext: { owner: 'a|b' } }],
  ])('%s cannot be made', (_, options) => {
    expect(() => uploadPolicy(options)).toThrow(TypeError);
  });
});
