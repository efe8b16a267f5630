import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSignPolicy } from './check.js';
import { loadSignPolicy } from './load.js';

const token = { secret: 'a-shared-token-of-this-test' };
const nowSeconds = 1_700_000_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterseal-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(content: unknown) {
  const path = join(folder, 'policy.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return loadSignPolicy(path);
}

describe('a policy file is refused when', () => {
  test.each<[string, unknown, string]>([
    ['it is no JSON', `{"authorize": {"token": {"secret": "${token.secret}" x`, 'is not JSON'],
    ['it has no way to authorise', { authorize: {}, policy: {} }, 'no anonymous signing'],
    ['it holds an unknown member', { authorize: { token }, policy: {}, polcy: {} }, 'polcy'],
    ['its policy holds one', { authorize: { token }, policy: { allows: [] } }, 'allows'],
    ['the token is short', { authorize: { token: { secret: 'short' } }, policy: {} }, 'shorter than 16'],
    [
      'the HS256 secret is short',
      { authorize: { jwt: { algorithms: ['HS256'], secret: 'x'.repeat(31) } }, policy: {} },
      'shorter than 32',
    ],
    [
      'it mixes HS256 and public keys',
      { authorize: { jwt: { algorithms: ['HS256', 'RS256'], jwksUrl: 'https://a/' } }, policy: {} },
      'authorize',
    ],
    [
      'an algorithm is none',
      { authorize: { jwt: { algorithms: ['none'], secret: 'x'.repeat(40) } }, policy: {} },
      'authorize',
    ],
    [
      'keys come over plain HTTP',
      { authorize: { jwt: { algorithms: ['RS256'], jwksUrl: 'http://a.example/' } }, policy: {} },
      'https',
    ],
    [
      'an origin has a path',
      { authorize: { token }, policy: {}, origins: ['https://a.example/x'] },
      'origins',
    ],
    [
      'the secret file is not there',
      { authorize: { token: { secretFile: 'missing' } }, policy: {} },
      'cannot read',
    ],
    [
      'a danger is merely allowed',
      { authorize: { token }, policy: { allow: ['overwrite'] } },
      'allowDangerous',
    ],
  ])('%s', async (_, content, message) => {
    const error: unknown = await load(content).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ConfigError', message: expect.stringContaining(message) });
    expect(String(error)).not.toContain(token.secret);
  });
});

test('a secret may stand in a file of its own', async () => {
  await writeFile(join(folder, 'token.txt'), `${token.secret}\n`);
  const policy = await load({ authorize: { token: { secretFile: 'token.txt' } }, policy: {} });
  expect([policy.tokenSecret, policy.jwtSecret]).toEqual([token.secret, null]);
});

describe('check', () => {
  const check = async (policy: object, authorize: object = { token: { secretFile: 'token.txt' } }) => {
    await writeFile(join(folder, 'token.txt'), token.secret);
    return checkSignPolicy(await load({ authorize, policy }), nowSeconds);
  };

  test('has nothing to say about a policy that grants little', async () => {
    const { warnings, examples } = await check({ force: { folder: 'users/{sub}' } });
    expect(warnings).toEqual([]);
    const signed = examples.filter(({ isSigned }) => isSigned).map(({ request }) => request);
    expect(signed).toEqual(['the widget, nothing chosen', 'tags=cat']);
    expect(examples[0]?.answer).toBe(`folder=users/sub&source=uw&timestamp=${nowSeconds}`);
  });

  test.each<[string, object, object | undefined]>([
    [
      'allowDangerous lets a client set notification_url',
      { allowDangerous: ['notification_url'] },
      undefined,
    ],
    ['replace what is there', { prefixes: { public_id: ['a'] } }, undefined],
    ['allow lets a client set folder to anything', { allow: ['folder'] }, undefined],
    ['any eager', { allow: ['eager'] }, undefined],
    ['any upload preset', { allow: ['upload_preset'] }, undefined],
    ['may hold &', { allowAmpersand: ['tags'] }, undefined],
    ['unique_filename', { allow: ['unique_filename'] }, undefined],
    ['no audience', {}, { jwt: { algorithms: ['RS256'], jwksUrl: 'https://a.example/' } }],
    ['no issuer', {}, { jwt: { algorithms: ['RS256'], jwksUrl: 'https://a.example/' } }],
    ['no claim is used', {}, { jwt: { algorithms: ['RS256'], jwksUrl: 'https://a.example/' } }],
    ['secretFile keeps the two apart', {}, { token }],
  ])('warns: %s', async (warning, policy, authorize) => {
    expect((await check(policy, authorize)).warnings.join('\n')).toContain(warning);
  });
});
