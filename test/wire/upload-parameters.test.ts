import { operations, type ParamTable } from '@counterseal/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain, quarters } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Upload-api reference, section 3.3 and 5.2; which names are refused and which are harmless stands in one table. */

const server = useServer();
const client = createClient(server);
const table: ParamTable = operations.upload.params;
let picture: Buffer;
beforeAll(async () => {
  picture = await quarters(24, 16);
});

const upload = (params: Params) => client.upload({ bytes: picture, filename: 'a.png' }, params);
const namesOf = (support: 'refused' | 'harmless') =>
  Object.keys(table).filter((name) => table[name]?.support === support);

/** Texts of the reference (section 5.2); all others are refused by their name. */
const texts: Readonly<Record<string, string>> = {
  raw_convert: 'Raw convert is invalid',
  detection: "Detection invalid model 'some'",
  categorization: 'Categorization some is not valid',
  background_removal: 'Background removal is invalid',
  moderation: 'Moderation some moderation is not valid',
  ocr: 'Ocr is invalid',
  similarity_search: 'Similarity search is invalid',
};

describe('what is not built is refused by name', () => {
  it('and there is a text for each that the reference gives one', () => {
    expect(namesOf('refused')).toEqual(expect.arrayContaining(Object.keys(texts)));
  });

  it.each(namesOf('refused'))('%s', async (name) => {
    const answer = await upload({ [name]: 'some' });
    expect([answer.status, answer.message]).toEqual([400, texts[name] ?? `Unsupported parameter ${name}`]);
  });

  it.each(['faces', 'backup', 'quality_analysis', 'visual_search'])(
    '%s switched off is no refusal',
    async (name) => {
      expect((await upload({ [name]: 'false' })).status).toBe(200);
      expect((await upload({ [name]: '0' })).status).toBe(200);
    },
  );
});

describe('what is harmless has no effect', () => {
  const volatile = [
    'asset_id',
    'public_id',
    'version',
    'version_id',
    'signature',
    'created_at',
    'url',
    'secure_url',
  ];
  const stable = (answer: object) =>
    Object.entries(answer).filter(([name]) => ![...volatile, 'display_name'].includes(name));

  it.each(namesOf('harmless'))('%s', async (name) => {
    const [without, with_] = [await upload({}), await upload({ [name]: 'some' })];
    expect(with_.status).toBe(200);
    expect(stable(with_.json())).toEqual(stable(without.json()));
    expect(with_.headers['x-counterseal-ignored']).toBeUndefined();
  });
});

describe('bad values', () => {
  it.each<[Params, string]>([
    [
      { overwrite: 'maybe' },
      'Invalid value maybe for parameter overwrite. Allowed values: true, false, 1, 0',
    ],
    [
      { use_filename: 'TRUE' },
      'Invalid value TRUE for parameter use_filename. Allowed values: true, false, 1, 0',
    ],
    [
      { type: 'fetch' },
      'Invalid value fetch for parameter type. Allowed values: upload, private, authenticated',
    ],
    [{ format: 'nope' }, 'Invalid extension in transformation: nope'],
    [{ eager: 'w_abc' }, 'Invalid width in transformation: abc'],
    [{ eager: 'w_10/nope' }, 'Invalid extension in transformation: nope'],
    [{ eager: 't_missing' }, 'Unknown transformation missing'],
    [{ transformation: 'c_nope,w_5' }, 'Invalid crop in transformation: nope'],
    [{ transformation: 'l_logo' }, 'Unsupported layer in transformation: logo'],
    [{ face_coordinates: '1,2,3' }, 'Invalid value 1,2,3 for parameter face_coordinates'],
    [{ custom_coordinates: 'a,b,c,d' }, 'Invalid value a,b,c,d for parameter custom_coordinates'],
    [{ context: 'no-value' }, 'Invalid value no-value for parameter context'],
    [{ context: '=x' }, 'Invalid value =x for parameter context'],
    [{ tags: 'x'.repeat(256) }, `Invalid value ${'x'.repeat(100)}... for parameter tags`],
    [{ upload_preset: 'missing' }, 'Upload preset not found'],
    [{ folder: 'x'.repeat(256) }, `Invalid value ${'x'.repeat(50)}... for parameter folder`],
  ])('%j', async (params, message) => {
    const answer = await upload(params);
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('more than 1000 tags', async () => {
    const tags = Array.from({ length: 1001 }, (_, index) => `t${index}`).join(',');
    expect((await upload({ tags })).message).toBe('Invalid value 1001 tags for parameter tags');
  });
});

describe('what is built works', () => {
  it('tags, in every spelling', async () => {
    for (const tags of ['a, b ,a,,', ['a', 'b'], 'a,b'])
      expect((await upload({ tags })).json<UploadAnswer>().tags).toEqual(['a', 'b']);
  });

  it('context with escapes: a backslash before = and | only', async () => {
    const context = String.raw`caption=a \| b|equation=x\=y|back=valu\e2|key \= odd=1`;
    expect((await upload({ context })).json<UploadAnswer>().context).toEqual({
      custom: { caption: 'a | b', equation: 'x=y', back: String.raw`valu\e2`, 'key = odd': '1' },
    });
  });

  it('context over several lines', async () => {
    const { context } = (await upload({ context: 'a=one\ntwo' })).json<UploadAnswer>();
    expect(context).toEqual({ custom: { a: 'one\ntwo' } });
  });

  it('face and custom coordinates, clipped to the picture', async () => {
    const answer = await upload({ face_coordinates: '2,3,100,4|1,1,5,5', custom_coordinates: '10,8,50,50' });
    expect(answer.json()).toMatchObject({
      faces: [
        [2, 3, 22, 4],
        [1, 1, 5, 5],
      ],
      coordinates: { custom: [[10, 8, 14, 8]] },
    });
  });

  it('an incoming transformation changes what is stored', async () => {
    const answer = await upload({ transformation: 'c_scale,w_6/a_90', format: 'jpg' });
    expect(answer.json()).toMatchObject({ width: 4, height: 6, format: 'jpg' });
    expect((await client.deliver(answer.json<UploadAnswer>().url)).headers['content-type']).toBe(
      'image/jpeg',
    );
  });

  it('format converts before storing', async () => {
    const { format, url, bytes } = (await upload({ format: 'webp' })).json<UploadAnswer>();
    const delivered = await client.deliver(url);
    expect([format, delivered.headers['content-type'], delivered.bytes.length]).toEqual([
      'webp',
      'image/webp',
      bytes,
    ]);
  });

  it.each<[Params, number, Record<string, unknown>]>([
    [{ allowed_formats: 'png,jpg' }, 200, { format: 'png' }],
    [{ allowed_formats: ['png'], format: 'jpg' }, 200, { format: 'png' }],
    [{ allowed_formats: 'jpg', format: 'jpg' }, 200, { format: 'jpg' }],
    [{ allowed_formats: 'jpeg', format: 'jpg' }, 200, { format: 'jpg' }],
    [{ allowed_formats: 'jpg' }, 400, { error: { message: 'Image file format png not allowed' } }],
    [
      { allowed_formats: 'jpg', format: 'webp' },
      400,
      { error: { message: 'Image file format png not allowed' } },
    ],
  ])('%j of a PNG', async (params, status, body) => {
    const answer = await upload(params);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject(body);
  });

  it.each([
    ['notes.txt', 'Raw file format txt not allowed'],
    ['notes', 'An unknown file format not allowed'],
  ])('allowed_formats of the raw file %s', async (filename, message) => {
    const file = { bytes: Buffer.from('plain words'), filename };
    const answer = await client.upload(file, { allowed_formats: 'pdf' }, { resourceType: 'raw' });
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('overwrite=false answers what is there; otherwise the version grows and the asset stays', async () => {
    const first = (await upload({ public_id: 'again', tags: 'first' })).json<UploadAnswer>();
    const kept = await client.upload({ bytes: await plain(5, 5) }, { public_id: 'again', overwrite: false });
    expect(kept.json()).toMatchObject({ existing: true, etag: first.etag, tags: ['first'] });
    const second = await client.upload({ bytes: await plain(5, 5) }, { public_id: 'again' });
    expect(second.json()).toMatchObject({ overwritten: true, asset_id: first.asset_id, width: 5, tags: [] });
    expect(second.json<UploadAnswer>().version).toBeGreaterThan(first.version);
    expect(second.json<UploadAnswer>().version_id).not.toBe(first.version_id);
  });

  it('colors, phash, metadata', async () => {
    const answer = await upload({ colors: true, phash: true, media_metadata: true });
    expect(answer.json()).toMatchObject({
      colors: expect.arrayContaining([[expect.stringMatching(/^#[0-9A-F]{6}$/), expect.any(Number)]]),
      predominant: { google: expect.arrayContaining([[expect.any(String), expect.any(Number)]]) },
      phash: expect.stringMatching(/^[0-9a-f]{16}$/),
      image_metadata: expect.any(Object),
    });
  });
});
