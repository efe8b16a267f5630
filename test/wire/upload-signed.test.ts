import { Agent } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { filePart, multipart, partsOf } from '../support/forms.js';
import type { HttpAnswer } from '../support/http.js';
import { counterseal, createKey } from '../support/keys.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, type Params, signParams, stringToSign } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Upload-api reference, sections 2.1 to 2.4. */

const { apiKey, apiSecret, cloud } = testAccount;
const server = useServer();
const client = createClient(server);
let picture: Buffer;
beforeAll(async () => {
  picture = await plain(12, 8);
});

/** Sends exactly these parameters, the file after them. */
function upload(params: Params, at: string = cloud): Promise<HttpAnswer> {
  const form = multipart([...partsOf(params), filePart({ bytes: picture, filename: 'a.png' })]);
  return client.raw({
    method: 'POST',
    path: `/v1_1/${at}/image/upload`,
    headers: { 'Content-Type': form.contentType },
    body: form.body,
  });
}

type Signing = NonNullable<Parameters<typeof signParams>[2]>;

function signed(params: Params, signing: Signing = {}, secret: string = apiSecret): Params {
  const all = { timestamp: nowSeconds(), ...params };
  return { ...all, api_key: apiKey, signature: signParams(all, secret, signing) };
}

const accepted: Readonly<Record<string, () => Params>> = {
  'SHA-1': () => signed({ public_id: 'sha1' }),
  'SHA-256': () => signed({ public_id: 'sha256' }, { algorithm: 'sha256' }),
  'version 1 where nothing is escaped': () => signed({ public_id: 'v1' }, { version: 1 }),
  'an ampersand under version 2': () => signed({ public_id: 'amp', context: 'a=b&c' }),
  'a timestamp in milliseconds': () => signed({ public_id: 'ms', timestamp: Date.now() }),
  'a timestamp almost an hour old': () => signed({ public_id: 'old', timestamp: nowSeconds() - 3500 }),
  'a timestamp a little ahead': () => signed({ public_id: 'ahead', timestamp: nowSeconds() + 200 }),
  'empty values beside the signed ones': () => ({ ...signed({ public_id: 'empty' }), tags: '', folder: '' }),
  'names that are never signed': () => ({
    ...signed({ public_id: 'names' }),
    cloud_name: 'x',
    resource_type: 'y',
  }),
  'a signed list': () => signed({ public_id: 'list', tags: ['b', 'a'] }),
  'text beyond ASCII': () => signed({ public_id: 'größe/日本', context: 'k=é' }),
};

describe('a signature that is right', () => {
  it.each(Object.entries(accepted))('%s', async (_, params) => {
    const answer = await upload(params());
    expect(answer.message).toBeNull();
    expect(answer.status).toBe(200);
    expect(answer.json<UploadAnswer>().public_id).toBe(String(params().public_id));
  });
});

interface Refusal {
  readonly params: () => Params;
  readonly status: number;
  readonly message: string | ((params: Params) => string);
  readonly cloud?: string;
}

const wrong = 'ab'.repeat(20);
const stale = (seconds: number, rest: string) => {
  const time = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `Stale request - reported time is ${time} +0000 which is more than ${rest}`;
};
const mismatch = (params: Params) =>
  `Invalid Signature ${params.signature}. String to sign - '${stringToSign(params)}'.`;

const refusals: Readonly<Record<string, Refusal>> = {
  'another signature': {
    params: () => ({ ...signed({ public_id: 'x', tags: 'a,b' }), signature: wrong }),
    status: 401,
    message: mismatch,
  },
  'another secret': { params: () => signed({ public_id: 'x' }, {}, 'wrong'), status: 401, message: mismatch },
  'a parameter that was not signed': {
    params: () => ({ ...signed({ public_id: 'x' }), tags: 'evil' }),
    status: 401,
    message: mismatch,
  },
  'a signature of another length': {
    params: () => ({ ...signed({}), signature: 'abc' }),
    status: 401,
    message: mismatch,
  },
  'version 1 where version 2 differs': {
    params: () => signed({ context: 'a=b&c' }, { version: 1 }),
    status: 401,
    message: mismatch,
  },
  'an unknown key': {
    params: () => ({ ...signed({}), api_key: 'nobody' }),
    status: 401,
    message: 'Unknown API key nobody',
  },
  'another cloud': {
    params: () => signed({}),
    cloud: 'elsewhere',
    status: 401,
    message: 'Invalid cloud_name elsewhere',
  },
  'no api_key': {
    params: () => ({ timestamp: nowSeconds(), signature: wrong }),
    status: 400,
    message: 'Missing required parameter - api_key',
  },
  'no timestamp': {
    params: () => ({ api_key: apiKey, signature: wrong }),
    status: 400,
    message: 'Missing required parameter - timestamp',
  },
  'a timestamp that is no number': {
    params: () => signed({ timestamp: 'soon' }),
    status: 400,
    message: 'Invalid value soon for parameter timestamp',
  },
  'more than an hour old': {
    params: () => signed({ timestamp: 1_481_775_293 }),
    status: 400,
    message: stale(1_481_775_293, '1 hour ago'),
  },
  'more than an hour old, in milliseconds': {
    params: () => signed({ timestamp: 1_481_775_293_000 }),
    status: 400,
    message: stale(1_481_775_293, '1 hour ago'),
  },
  'far in the future': {
    params: () => signed({ timestamp: 4_102_444_800 }),
    status: 400,
    message: stale(4_102_444_800, '5 minutes in the future'),
  },
  'a value with a literal %26': {
    params: () => signed({ public_id: 'x', context: 'a=b%26c' }),
    status: 400,
    message: "Parameter context contains the literal text '%26', which a signature cannot tell from '&'",
  },
};

describe('a signature that is wrong', () => {
  it.each(Object.entries(refusals))('%s', async (_, { params: make, status, message, cloud: at }) => {
    const params = make();
    const answer = await upload(params, at);
    const wanted = typeof message === 'string' ? message : message(params);
    expect({ status: answer.status, body: answer.json() }).toEqual({
      status,
      body: { error: { message: wanted } },
    });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['x-cld-error']).toBe(wanted);
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.text).not.toContain(apiSecret);
    expect(answer.text).not.toContain(signParams(params, apiSecret));
  });
});

describe('the policy of a key', () => {
  const with256 = { algorithm: 'sha256' } as const;

  it('decides over the algorithm, not the client', async () => {
    const strong = createClient(server, await createKey(server.data, ['--algorithms', 'sha256']));
    const sign = (signing: Signing) => {
      const all = { timestamp: nowSeconds() };
      const { apiKey: api_key, apiSecret: secret } = strong.account;
      return upload({ ...all, api_key, signature: signParams(all, secret, signing) });
    };
    const weak = await sign({ algorithm: 'sha1' });
    expect(weak.status).toBe(401);
    expect(weak.message).toMatch(
      /^Invalid Signature [0-9a-f]{40}\. This API key accepts sha256 signatures only\.$/,
    );
    const answer = await sign(with256);
    expect(answer.status).toBe(200);
    expect(answer.json<UploadAnswer>().signature).toMatch(/^[0-9a-f]{64}$/);
  });

  it('admits version 1 where it says so', async () => {
    const old = createClient(server, await createKey(server.data, ['--allow-v1']));
    const all = { timestamp: nowSeconds(), context: 'a=b&c' };
    const { apiKey: api_key, apiSecret: secret } = old.account;
    for (const version of [1, 2] as const) {
      const answer = await upload({ ...all, api_key, signature: signParams(all, secret, { version }) });
      expect(answer.status).toBe(200);
    }
  });

  it('refuses unknown names when it is strict, and names them otherwise', async () => {
    const strict = createClient(server, await createKey(server.data, ['--strict']));
    const form = (params: Params) =>
      multipart([...partsOf({ ...params, max_bytes: '5', flavour: 'x' }), filePart({ bytes: picture })]);
    const refused = await client.post('image/upload', form(strict.credentials({})), { auth: 'none' });
    expect([refused.status, refused.message]).toEqual([
      400,
      'Unknown parameter max_bytes (the API key is strict)',
    ]);
    const ignored = await client.post('image/upload', form(client.credentials({})), { auth: 'none' });
    expect(ignored.status).toBe(200);
    expect(ignored.headers['x-counterseal-ignored']).toBe('max_bytes, flavour');
  });

  it('lets a signature complete one upload only, also among many at once', async () => {
    const once = createClient(server, await createKey(server.data, ['--single-use']));
    const params = once.credentials({ public_id: 'once' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => upload(params)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)]);
    const refused = answers.find(({ status }) => status === 401);
    expect(refused?.message).toBe(
      'Invalid Signature. This API key accepts each signature once, and this one has completed an upload already.',
    );
  });

  it('ends with the key: a disabled key is unknown', async () => {
    const gone = await createKey(server.data);
    await counterseal(server.data, ['keys', 'disable', gone.apiKey]);
    const params = createClient(server, gone).credentials({});
    const answer = await upload(params);
    expect([answer.status, answer.message]).toEqual([401, `Unknown API key ${gone.apiKey}`]);
  });
});

describe('a client that fails too often', () => {
  it('must wait, also with the right secret, and no other client must', async () => {
    const ping = (authorization: string, from: string) =>
      client.raw({ path: client.api('ping'), headers: { Authorization: authorization }, from, agent });
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const wrong = `Basic ${Buffer.from('nobody:wrong').toString('base64')}`;
    const statuses = new Map<number, number>();
    const failing = async () => {
      while (!statuses.has(429)) {
        const { status } = await ping(wrong, '127.0.3.1');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if ((statuses.get(401) ?? 0) > 5000) return;
      }
    };
    await Promise.all(Array.from({ length: 8 }, failing));
    expect(statuses.get(401)).toBeGreaterThanOrEqual(2000);
    const waiting = await ping(client.basic, '127.0.3.1');
    expect([waiting.status, waiting.message]).toEqual([
      429,
      expect.stringMatching(/^Too many failed attempts\. Retry in \d+ seconds$/),
    ]);
    expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ping(client.basic, '127.0.3.2')).status).toBe(200);
    agent.destroy();
  });
});
