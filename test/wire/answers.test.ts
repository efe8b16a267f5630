import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { wav } from '../support/odd-files.js';
import { plain, quarters, readPixels } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** The answer of an upload, field by field (upload-api reference, section 4). */

const server = useServer();
const client = createClient(server);
let picture: Buffer;
beforeAll(async () => {
  picture = await quarters(864, 576, { format: 'jpg' });
});

const hex = (digits: number) => expect.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const hash = (algorithm: string, data: Uint8Array | string) =>
  createHash(algorithm).update(data).digest('hex');

/** Section 4.1, all of them; what comes on top is named by each case. */
const common = (bytes: Uint8Array) => ({
  asset_id: hex(32),
  public_id: expect.any(String),
  version: expect.any(Number),
  version_id: hex(32),
  signature: hex(40),
  created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  tags: [],
  bytes: bytes.length,
  type: 'upload',
  etag: hash('md5', bytes),
  placeholder: false,
  url: expect.stringMatching(/^http:/),
  secure_url: expect.stringMatching(/^https?:/),
  folder: '',
  asset_folder: '',
  display_name: expect.any(String),
  original_filename: 'sample',
  api_key: testAccount.apiKey,
});

describe('an image', () => {
  it('has exactly the fields of section 4.2', async () => {
    const answer = await client.upload({ bytes: picture, filename: 'sample.jpg' }, { public_id: 'shown' });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const body = answer.json<UploadAnswer>();
    expect(body).toEqual({
      ...common(picture),
      public_id: 'shown',
      display_name: 'shown',
      width: 864,
      height: 576,
      format: 'jpg',
      resource_type: 'image',
      pages: 1,
    });
    expect(Math.abs(body.version - Date.now() / 1000)).toBeLessThan(10);
    expect(Date.parse(body.created_at) / 1000).toBe(body.version);
    expect(body.url).toBe(`${server.url}/demo/image/upload/v${body.version}/shown.jpg`);
  });

  it('is signed: public id and version, never escaped', async () => {
    const { public_id, version, signature } = (
      await client.upload({ bytes: picture }, { public_id: 'ä/signed' })
    ).json<UploadAnswer>();
    expect(signature).toBe(hash('sha1', `public_id=${public_id}&version=${version}${testAccount.apiSecret}`));
  });

  it('with the documented eager pair, answers it normalised and in request order', async () => {
    const eager = 'w_400,h_300,c_pad|w_260,h_200,c_crop';
    const answer = (
      await client.upload({ bytes: picture }, { eager, public_id: 'pair' })
    ).json<UploadAnswer>();
    const base = `${server.url}/demo/image/upload`;
    const item = (transformation: string, width: number, height: number) => {
      const url = `${base}/${transformation}/v${answer.version}/pair.jpg`;
      return {
        transformation,
        width,
        height,
        bytes: expect.any(Number),
        format: 'jpg',
        url,
        secure_url: url,
      };
    };
    expect(answer.eager).toEqual([item('c_pad,h_300,w_400', 400, 300), item('c_crop,h_200,w_260', 260, 200)]);
    for (const { url, width, height, bytes } of answer.eager ?? []) {
      const delivered = await client.deliver(url);
      expect([delivered.status, delivered.bytes.length]).toEqual([200, bytes]);
      expect(await readPixels(delivered.bytes)).toMatchObject({ width, height, format: 'jpeg' });
    }
  });

  it('answers the format of an eager item after a slash', async () => {
    const { eager } = (
      await client.upload({ bytes: picture }, { eager: 'w_0.5,c_scale/png|c_crop,w_10/|w_7' })
    ).json<UploadAnswer>();
    expect(eager?.map(({ transformation, format, width }) => [transformation, format, width])).toEqual([
      ['c_scale,w_0.5/png', 'png', 432],
      ['c_crop,w_10/', 'jpg', 10],
      ['w_7', 'jpg', 7],
    ]);
    for (const { url } of eager ?? []) expect((await client.deliver(url)).status).toBe(200);
    expect(eager?.[0]?.url).toMatch(/\.png$/);
    expect(eager?.[1]?.url).not.toMatch(/\.\w+$/);
  });

  it('keeps its id and creation time when overwritten, while the version grows at once', async () => {
    const first = (await client.upload({ bytes: picture }, { public_id: 'over' })).json<UploadAnswer>();
    const second = (await client.upload({ bytes: picture }, { public_id: 'over' })).json<UploadAnswer>();
    expect(first).not.toHaveProperty('overwritten');
    expect(second).toMatchObject({
      overwritten: true,
      asset_id: first.asset_id,
      created_at: first.created_at,
    });
    expect(second.version).toBeGreaterThan(first.version);
  });

  it('that exists already is answered as it is, without its eager list', async () => {
    const first = (
      await client.upload({ bytes: picture }, { public_id: 'there', tags: 'x' })
    ).json<UploadAnswer>();
    const again = await client.upload(
      { bytes: await plain(3, 3) },
      { public_id: 'there', overwrite: false, eager: 'w_2' },
    );
    expect(again.json()).toEqual({ ...first, existing: true });
  });

  it.each(['private', 'authenticated'])('of type %s has signed addresses that work', async (type) => {
    const body = (
      await client.upload({ bytes: picture }, { type, eager: 'c_scale,w_20' })
    ).json<UploadAnswer>();
    expect(body.type).toBe(type);
    for (const url of [body.url, body.eager?.[0]?.url ?? '']) {
      expect(url).toMatch(new RegExp(`/image/${type}/s--[\\w-]{8}--/`));
      expect((await client.deliver(url)).status).toBe(200);
    }
  });
});

describe('another kind of file', () => {
  it('raw: the common fields and no others', async () => {
    const bytes = Buffer.from('PK and so on');
    const answer = await client.upload({ bytes, filename: 'sample.zip' }, {}, { resourceType: 'raw' });
    const { public_id } = answer.json<UploadAnswer>();
    expect(answer.json()).toEqual({
      ...common(bytes),
      public_id: expect.stringMatching(/^[a-z0-9]{20}\.zip$/),
      display_name: public_id,
      resource_type: 'raw',
      url: expect.stringMatching(/\/raw\/upload\/v\d+\/[a-z0-9]{20}\.zip$/),
    });
  });

  it('audio is of type video', async () => {
    const bytes = wav();
    const answer = await client.upload({ bytes, filename: 'sample.wav' }, {}, { resourceType: 'video' });
    expect(answer.json()).toMatchObject({
      ...common(bytes),
      resource_type: 'video',
      format: 'wav',
      pages: 0,
      is_audio: true,
      duration: 1,
      audio: {
        codec: expect.any(String),
        frequency: 8000,
        channels: 1,
        bit_rate: expect.stringMatching(/^\d+$/),
      },
    });
    expect((await client.deliver(answer.json<UploadAnswer>().url)).bytes.equals(bytes)).toBe(true);
  });

  it.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['a picture', () => plain(4, 4), 'image'],
    ['a sound', wav, 'video'],
    ['text', () => Buffer.from('words'), 'raw'],
    ['HTML', () => Buffer.from('<!doctype html><script>1</script>'), 'raw'],
  ])('auto decides by the bytes: %s', async (_, make, resource_type) => {
    const answer = await client.upload(
      { bytes: await make(), filename: 'sample' },
      {},
      { resourceType: 'auto' },
    );
    expect(answer.json()).toMatchObject({ resource_type });
  });

  it.each([
    ['image', 'Invalid image file'],
    ['video', 'Unsupported video format or file'],
  ])('text sent as %s', async (resourceType, message) => {
    const answer = await client.upload({ bytes: Buffer.from('words') }, {}, { resourceType });
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('of a type that is none', async () => {
    const answer = await client.upload({ bytes: picture }, {}, { resourceType: 'sound' });
    expect([answer.status, answer.message]).toEqual([
      400,
      'Invalid value sound for parameter resource_type. Allowed values: image, video, raw',
    ]);
  });
});
