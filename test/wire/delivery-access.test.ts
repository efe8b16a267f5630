import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { createKey } from '../support/keys.js';
import { quarters } from '../support/pictures.js';
import { signDelivery } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';

/** Who may see what (transformations reference, sections 1.5, 1.11 and 1.13; upload-api reference, section 2.7). */

const server = useServer();
const strict = useServer({ args: ['--strict-transformations', 'true'] });
const client = createClient(server);
const { apiSecret } = testAccount;
const types = ['upload', 'private', 'authenticated'] as const;

beforeAll(async () => {
  const bytes = await quarters(24, 16);
  for (const type of types) {
    await client.upload({ bytes }, { public_id: 'folder/ü c', type });
    await createClient(strict).upload({ bytes }, { public_id: 'sample', type, eager: 'c_scale,w_6' });
  }
});

const id = 'folder/%C3%BC%20c.png';
const status = async (path: string) => (await client.deliver(path)).status;
const address = (type: string, signature: string, transformation: string, version = '') =>
  `/demo/image/${type}/${[signature, transformation, version, id].filter((part) => part !== '').join('/')}`;

describe('without a signature', () => {
  it.each([
    ['upload', '', 200],
    ['upload', 'c_scale,w_6', 200],
    ['private', '', 401],
    ['private', 'c_scale,w_6', 200],
    ['private', 'fl_attachment', 401],
    ['private', 'c_scale,w_6/fl_attachment', 200],
    ['authenticated', '', 401],
    ['authenticated', 'c_scale,w_6', 401],
  ])('%s %s is %i', async (type, transformation, wanted) => {
    const answer = await client.deliver(address(type, '', transformation));
    expect(answer.status).toBe(wanted);
    if (wanted === 401)
      expect([answer.headers['x-cld-error'], answer.bytes.length]).toEqual(['deny or ACL failure', 0]);
  });

  it('a refusal says nothing about what exists', async () => {
    const there = await client.deliver(address('authenticated', '', ''));
    const missing = await client.deliver('/demo/image/authenticated/nothing.png');
    const stable = ({ headers }: typeof there) =>
      Object.entries(headers).filter(([name]) => !['date', 'x-request-id'].includes(name));
    expect([missing.status, stable(missing)]).toEqual([there.status, stable(there)]);
  });
});

const signings = [
  ['SHA-1', {}],
  ['SHA-256', { algorithm: 'sha256' }],
  ['long', { long: true }],
] as const;

describe.each(types)('type %s', (type) => {
  it.each(signings)('with a %s signature', async (_, signing) => {
    for (const transformation of ['', 'c_scale,w_7', 'c_scale,w_7/e_sepia']) {
      const text = [transformation, id].filter((part) => part !== '').join('/');
      expect(await status(address(type, signDelivery(text, apiSecret, signing), transformation))).toBe(200);
      expect(await status(address(type, signDelivery(text, apiSecret, signing), transformation, 'v1'))).toBe(
        200,
      );
    }
  });

  it('with a signature of the decoded text, or of spaces alone decoded', async () => {
    for (const text of ['folder/ü c.png', 'folder/%C3%BC c.png'])
      expect(await status(address(type, signDelivery(text, apiSecret), ''))).toBe(200);
  });

  it('with a wrong one, for something else, or by another secret: 401', async () => {
    const wrong = [
      's--AAAAAAAA--',
      's--'.concat('A'.repeat(32), '--'),
      signDelivery('folder/other.png', apiSecret),
      signDelivery(`c_scale,w_8/${id}`, apiSecret),
      signDelivery(id, 'another secret'),
      signDelivery(`v1/${id}`, apiSecret),
    ];
    for (const signature of wrong) {
      const answer = await client.deliver(address(type, signature, ''));
      expect([answer.status, answer.headers['x-cld-error']]).toEqual([401, 'deny or ACL failure']);
    }
  });

  it('by a key of another cloud: 401', async () => {
    const other = await createKey(server.data, ['--cloud', `other-${type}`]);
    expect(await status(address(type, signDelivery(id, other.apiSecret), ''))).toBe(401);
  });

  it('an answer that was given before opens nothing for others', async () => {
    const signed = address(type, signDelivery(id, apiSecret), '');
    const first = await client.deliver(signed);
    expect(first.status).toBe(200);
    expect(first.headers['cache-control']).toMatch(type === 'upload' ? /^public/ : /^private/);
    expect(await status(address(type, '', ''))).toBe(type === 'upload' ? 200 : 401);
  });
});

describe('strict transformations', () => {
  const deliver = async (path: string) => {
    const answer = await createClient(strict).deliver(path);
    return [answer.status, answer.headers['x-cld-error']];
  };

  it('refuse what is new and unsigned', async () => {
    expect(await deliver('/demo/image/upload/c_scale,w_7/sample.png')).toEqual([401, 'deny or ACL failure']);
  });

  it('allow the original, eager ones, signed ones, and named ones that may', async () => {
    const signature = signDelivery('c_scale,w_9/sample.png', apiSecret);
    const api = createClient(strict);
    await api.admin('POST', 'transformations', { name: 'may', transformation: 'c_scale,w_8' });
    await api.admin('POST', 'transformations', {
      name: 'not',
      transformation: 'c_scale,w_10',
      allowed_for_strict: false,
    });
    for (const part of ['', 'c_scale,w_6/', `${signature}/c_scale,w_9/`, 't_may/'])
      expect(await deliver(`/demo/image/upload/${part}sample.png`)).toEqual([200, undefined]);
    expect(await deliver('/demo/image/upload/t_not/sample.png')).toEqual([401, 'deny or ACL failure']);
  });

  it('allow what exists already, whoever had it made', async () => {
    const signature = signDelivery('c_scale,w_11/sample.png', apiSecret);
    expect(await deliver(`/demo/image/upload/${signature}/c_scale,w_11/sample.png`)).toEqual([
      200,
      undefined,
    ]);
    // It is answered first and stored afterwards.
    await expect
      .poll(() => deliver('/demo/image/upload/c_scale,w_11/sample.png'), { timeout: 10_000 })
      .toEqual([200, undefined]);
  });
});
