import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { filePart, jsonForm, multipart, type Part, partsOf, urlencoded } from '../support/forms.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, type Params, signParams } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import type { ResourceAnswer, UploadAnswer } from '../support/wire-shapes.js';

/** Each hole of the wire protocol as an attack on a running server (threat model, section 2, and T8 to T12, T35). */

const { apiKey, apiSecret } = testAccount;
const server = useServer();
const client = createClient(server);
let picture: Buffer;
beforeAll(async () => {
  picture = await plain(12, 8);
});

const post = (parts: readonly Part[]) =>
  client.post('image/upload', multipart([...parts, filePart({ bytes: picture })]));
const upload = async (params: Params = {}) =>
  (await client.upload({ bytes: picture }, params)).json<UploadAnswer>();
const stillThere = async (publicId: string) =>
  (await client.admin('GET', `resources/image/upload/${publicId}`)).status === 200;

describe('S1: one value read as two parameters, and two as one', () => {
  const timestamp = nowSeconds();
  const joined = { timestamp, context: 'a=cat&public_id=evil' };
  const apart = { timestamp, context: 'a=cat', public_id: 'evil' };

  it.each([
    ['two made of one', joined, apart],
    ['one made of two', apart, joined],
  ])('%s', async (_, signed, sent) => {
    const credentials = { api_key: apiKey, signature: signParams(signed, apiSecret) };
    expect((await post(partsOf({ ...sent, ...credentials }))).status).toBe(401);
    expect(await stillThere('evil')).toBe(false);
    expect((await post(partsOf({ ...signed, ...credentials, tags: '' }))).status).toBe(200);
    await client.call('image/destroy', { public_id: 'evil' });
  });
});

describe('S2: & and %26 sign alike', () => {
  it('so the one with the literal %26 is refused', async () => {
    const timestamp = nowSeconds();
    const signature = signParams({ timestamp, context: 'a=x&y' }, apiSecret);
    const as = (context: string) => post(partsOf({ timestamp, context, api_key: apiKey, signature }));
    expect((await as('a=x%26y')).status).toBe(400);
    expect((await as('a=x&y')).status).toBe(200);
  });
});

describe('S3: odd names', () => {
  it.each([
    'a=b',
    'tags=x',
    'Tags',
    'tags ',
    ' tags',
    'a{b',
    'x'.repeat(65),
    'tags&x',
    '1tags',
    'tags[x]',
    'tägs',
    'a.b',
  ])('%j', async (name) => {
    for (const form of [
      multipart([...partsOf(client.credentials({})), { name, value: 'x' }, filePart({ bytes: picture })]),
      urlencoded({ ...client.credentials({}), [name]: 'x', file: 'data:,x' }),
      jsonForm({ ...client.credentials({}), [name]: 'x', file: 'data:,x' }),
    ]) {
      const answer = await client.post('raw/upload', form);
      expect([name, answer.status, answer.message]).toEqual([
        name,
        400,
        expect.stringMatching(/^(Invalid parameter name |Malformed request body: )/),
      ]);
    }
  });

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf'])(
    '%s is a name like others: refused or without effect',
    async (name) => {
      for (const params of [{ [name]: 'x' }, { [`${name}[]`]: 'x' }]) {
        const answer = await client.post(
          'raw/upload',
          urlencoded({ ...client.credentials({}), ...params, file: 'data:,x' }),
        );
        expect([200, 400]).toContain(answer.status);
      }
      const json = `{"${name}":{"polluted":true},"file":"data:,x"}`;
      const answer = await client.post(
        'raw/upload',
        { contentType: 'application/json', body: Buffer.from(json) },
        { auth: 'basic' },
      );
      expect([200, 400]).toContain(answer.status);
      expect(answer.json()).not.toHaveProperty('polluted');
      expect((await client.admin('GET', 'ping')).json()).toEqual({ status: 'ok' });
    },
  );

  it('names of the language are keys of context like others', async () => {
    const { context } = await upload({ context: '__proto__=x|constructor=y', public_id: 'proto' });
    expect(JSON.stringify(context)).toBe('{"custom":{"__proto__":"x","constructor":"y"}}');
    const found = await client.admin('GET', 'resources/image/upload/proto');
    expect(found.text).toContain('"custom":{"__proto__":"x","constructor":"y"}');
  });
});

describe('S4: lists and repeated scalars', () => {
  it.each([
    [
      'twice in the body',
      [
        { name: 'public_id', value: 'good' },
        { name: 'public_id', value: 'evil' },
      ],
      '',
    ],
    ['in query and body', [{ name: 'public_id', value: 'good' }], '?public_id=evil'],
    [
      'as a list',
      [
        { name: 'public_id[]', value: 'good' },
        { name: 'public_id[]', value: 'evil' },
      ],
      '',
    ],
  ])('a scalar %s is refused', async (_, parts, query) => {
    for (const signed of ['good', 'evil']) {
      const credentials = partsOf(client.credentials({ public_id: signed })).filter(
        ({ name }) => name !== 'public_id',
      );
      const form = multipart([...credentials, ...parts, filePart({ bytes: picture })]);
      const answer = await client.post(`image/upload${query}`, form);
      expect([400, 401]).toContain(answer.status);
    }
    expect(await stillThere('evil')).toBe(false);
  });
});

describe('S5: empty values', () => {
  it('have no effect', async () => {
    const params = client.credentials({ public_id: 'emptied' });
    const empty = ['tags', 'context', 'folder', 'eager', 'transformation', 'type', 'upload_preset', 'format'];
    const answer = await post([...partsOf(params), ...empty.map((name) => ({ name, value: '' }))]);
    expect(answer.json()).toMatchObject({ public_id: 'emptied', type: 'upload', tags: [], folder: '' });
  });
});

describe('S6: a signature for an upload, replayed elsewhere', () => {
  it.each<[string, Params]>([
    ['source', { source: 'uw' }],
    ['upload_preset', { upload_preset: 'fixed' }],
    ['folder', { folder: 'x' }],
    ['tags', { tags: 'x' }],
  ])('with %s destroys nothing', async (_, only) => {
    await client.admin('POST', 'upload_presets', { name: 'fixed' });
    await upload({ public_id: 'victim' });
    const stolen = client.credentials({ public_id: 'victim', ...only });
    for (const params of [stolen, { ...stolen, asset_id: 'x' }]) {
      const answer = await client.call('image/destroy', params, { auth: 'none' });
      expect([400, 401]).toContain(answer.status);
    }
    for (const action of ['rename', 'explicit', 'tags'])
      expect((await client.call(`image/${action}`, stolen, { auth: 'none' })).status).toBe(400);
    expect(await stillThere('victim')).toBe(true);
  });
});

describe('S7: response signatures as an oracle', () => {
  it.each<[string, Params]>([
    ['public_id', { public_id: 'victim&timestamp=1893456000' }],
    ['folder', { folder: 'x&timestamp=1893456000', public_id: 'victim' }],
    ['public_id_prefix', { public_id_prefix: 'victim&timestamp=1893456000', public_id: 'x' }],
    ['display name as id', { public_id: 'victim%26timestamp=1893456000' }],
  ])('%s that holds a second parameter is refused', async (_, params) => {
    const answer = await client.upload({ bytes: picture }, params);
    expect(answer.status).toBe(400);
    expect(answer.json()).not.toHaveProperty('signature');
  });

  it('nor does a file name make such an id', async () => {
    const { public_id } = (
      await client.upload(
        { bytes: picture, filename: 'victim&timestamp=1893456000.png' },
        { use_filename: true, unique_filename: false },
      )
    ).json<UploadAnswer>();
    expect(public_id).toBe('victim_timestamp_1893456000');
  });

  it('an answer’s signature opens no request', async () => {
    const { public_id, version, signature } = await upload({ public_id: 'answered' });
    const forged = { public_id, version, timestamp: nowSeconds(), api_key: apiKey, signature };
    expect((await client.call('image/destroy', forged, { auth: 'none' })).status).toBe(401);
    expect(await stillThere('answered')).toBe(true);
  });
});

describe('S11: time', () => {
  it.each([
    nowSeconds() + 3600,
    4_102_444_800,
    4_102_444_800_000,
    '99999999999999999999',
    '-1',
    '1e9',
    '0x10',
  ])('timestamp %s is refused', async (timestamp) => {
    expect((await post(partsOf(client.credentials({ timestamp })))).status).toBe(400);
  });
});

describe('S12: what is not signed', () => {
  it('another resource type does not make HTML an image or a page', async () => {
    const html = { bytes: Buffer.from('<!doctype html><script>alert(1)</script>'), filename: 'x.html' };
    expect((await client.upload(html)).message).toBe('Invalid image file');
    const raw = (await client.upload(html, {}, { resourceType: 'raw' })).json<UploadAnswer>();
    const { headers } = await client.deliver(raw.url);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });
});

describe('T10, T12: ids and paths', () => {
  it.each([
    '/demo/image/upload/../../../../etc/passwd',
    '/demo/image/upload/..%2f..%2f..%2fetc%2fpasswd',
    '/demo/image/upload/%2e%2e/%2e%2e/master.key',
    '/demo/raw/upload/..%5c..%5cmaster.key',
    '/demo/raw/upload/%00',
    '/demo/raw/upload/%c0%ae%c0%ae/master.key',
    '/demo/raw/upload//etc/passwd',
    '/v1_1/demo/resources/raw/upload/..%2f..%2fmaster.key',
    '//etc/passwd',
    '/res/../master.key',
    '/demo/image/upload/%E2%80%AEgnp.x',
  ])('%s gives nothing', async (path) => {
    const answer = await client.raw({ path, headers: { Authorization: client.basic } });
    expect([400, 401, 404]).toContain(answer.status);
    expect(answer.text).not.toMatch(/root:|BEGIN/);
  });

  it('twins in case and Unicode form: case differs, form does not', async () => {
    const [lower, upper] = [await upload({ public_id: 'twin/a' }), await upload({ public_id: 'twin/A' })];
    expect(lower.asset_id).not.toBe(upper.asset_id);
    const [composed, decomposed] = [
      await upload({ public_id: 'twin/\u00e9' }),
      await upload({ public_id: 'twin/e\u0301' }),
    ];
    expect(decomposed).toMatchObject({ overwritten: true, asset_id: composed.asset_id });
    expect((await client.deliver('/demo/image/upload/twin/e%CC%81.png')).status).toBe(200);
  });
});

describe('T11, T33: headers', () => {
  it('a file name ends no header line', async () => {
    for (const filename of [
      'a%0d%0aX-Evil: 1.png',
      'a\u2028b.png',
      '"; evil=1; x=".png'.replaceAll('"', '%22'),
      'ü'.repeat(300),
    ]) {
      const asset = (await client.upload({ bytes: picture, filename })).json<UploadAnswer>();
      const url = asset.url.replace('/upload/', '/upload/fl_attachment/');
      const { status, headers } = await client.deliver(url);
      expect(status).toBe(200);
      expect(headers).not.toHaveProperty('x-evil');
      expect(headers['content-disposition']).toMatch(
        /^attachment; filename="[^"]*"(; filename\*=UTF-8''[\w%.~!&+^`|#$-]*)?$/,
      );
    }
  });

  it('a name with real line breaks is refused', async () => {
    const answer = await client.post(
      'image/upload',
      multipart([...partsOf(client.credentials({})), filePart({ bytes: picture, filename: 'a\nb.png' })]),
    );
    expect(answer.status).toBe(400);
  });

  it('an error that repeats input stays one header line of plain characters', async () => {
    for (const path of [
      '/demo/image/upload/%0d%0aX-Evil:%201/x.png',
      '/demo/image/upload/w_%0d%0aX-Evil:%201/x.png',
      '/demo/image/upload/w_日本/x',
    ]) {
      const { headers } = await client.deliver(encodeURI(decodeURI(path)));
      expect(headers).not.toHaveProperty('x-evil');
      expect(headers['x-cld-error']).toMatch(/^[ -~]*$/);
    }
    const long = await client.upload({ bytes: picture }, { type: 'x'.repeat(100_000) });
    expect(String(long.headers['x-cld-error']).length).toBeLessThanOrEqual(2048);
  });

  it('and one header block goes over the wire', async () => {
    const { hostname, port } = new URL(server.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
      });
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
      socket.end(
        `GET /demo/image/upload/fl_attachment:a%250d%250aX-Evil%253a1/twin/a.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
    });
    expect(text.split('\r\n\r\n')[0]).not.toMatch(/^x-evil/im);
  });
});

describe('T8: broken requests', () => {
  const bodies: Readonly<Record<string, string>> = {
    'no parts': '--b--\r\n',
    'no end': '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nxyz',
    'no header': '--b\r\n\r\nxyz\r\n--b--\r\n',
    'no name': '--b\r\nContent-Disposition: form-data\r\n\r\nxyz\r\n--b--\r\n',
    'a header that is none': '--b\r\n\0\0\0\r\n\r\nxyz\r\n--b--\r\n',
    'an endless header': `--b\r\nContent-Disposition: form-data; name="a"; x="${'y'.repeat(40_000)}"\r\n\r\nxyz\r\n--b--\r\n`,
    nothing: '',
    'only a preamble': 'x'.repeat(1000),
    'base64 as transfer encoding':
      '--b\r\nContent-Disposition: form-data; name="tags"\r\nContent-Transfer-Encoding: base64\r\n\r\neHl6\r\n--b--\r\n',
  };

  it.each(Object.entries(bodies))('%s', async (_, body) => {
    const form = { contentType: 'multipart/form-data; boundary=b', body: Buffer.from(body, 'latin1') };
    const answer = await client.post('image/upload', form, { auth: 'basic' });
    expect(answer.status).toBe(400);
    expect(answer.message).toEqual(expect.any(String));
  });

  it('deeply nested JSON', async () => {
    const body = Buffer.from(`{"context":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    const answer = await client.post(
      'image/upload',
      { contentType: 'application/json', body },
      { auth: 'basic' },
    );
    expect(answer.status).toBe(400);
  });

  it('a very long address', async () => {
    const answer = await client.deliver(`/demo/image/upload/${'c_scale,w_5/'.repeat(700)}x.png`);
    expect([answer.status, answer.headers['x-cld-error']]).toEqual([400, 'Invalid Transformation']);
  });
});

it('T27: many sizes of one picture stay bounded in what is stored for one spelling', async () => {
  await upload({ public_id: 'spelled' });
  for (const text of ['c_scale,w_7', 'w_7,c_scale', 'w_7.0,c_scale'])
    await client.deliver(`/demo/image/upload/${text}/spelled.png`);
  await expect
    .poll(
      async () => {
        const found = await client.admin('GET', 'resources/image/upload/spelled');
        return found
          .json<ResourceAnswer>()
          .derived.filter(({ transformation }) => transformation === 'c_scale,w_7').length;
      },
      { timeout: 10_000 },
    )
    .toBe(1);
});
