import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import {
  boundary,
  type Form,
  filePart,
  jsonForm,
  multipart,
  type Part,
  partsOf,
  urlencoded,
} from '../support/forms.js';
import { plain } from '../support/pictures.js';
import { type Params, signParams } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** The ways in which clients write the same request (observed behaviours, section 1; upload-api reference, section 3.1). */

const server = useServer();
const client = createClient(server);
let picture: Buffer;
let dataUri: string;
beforeAll(async () => {
  picture = await plain(12, 8);
  dataUri = `data:image/png;base64,${picture.toString('base64')}`;
});

const post = (form: Form, query = '', headers: Readonly<Record<string, string>> = {}) =>
  client.post(`image/upload${query}`, form, { headers });
const file = (more: Partial<Part> = {}): Part => ({
  ...filePart({ bytes: picture, filename: 'a.png' }),
  ...more,
});
const signed = (params: Params = {}) => client.credentials({ tags: ['a', 'b'], ...params });
const without = (params: Params, left: string) =>
  Object.fromEntries(Object.entries(params).filter(([name]) => name !== left));
const queryOf = (params: Params) =>
  `?${new URLSearchParams(Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]))}`;
const raw = (text: string): Form => ({
  contentType: 'application/x-www-form-urlencoded',
  body: Buffer.from(text),
});

/** Every form of one upload; each must answer the tags a and b. */
const forms: Readonly<Record<string, () => ReturnType<typeof post>>> = {
  'multipart, file last': () => post(multipart([...partsOf(signed()), file()])),
  'multipart, file first': () => post(multipart([file(), ...partsOf(signed())])),
  'multipart, file between': () => {
    const parts = partsOf(signed());
    return post(multipart([...parts.slice(0, 2), file(), ...parts.slice(2)]));
  },
  'multipart with part headers of PHP and Ruby': () =>
    post(
      multipart(
        [...partsOf(signed()), file()].map((part) => ({
          ...part,
          headers: ['Content-Transfer-Encoding: binary', `Content-Length: ${Buffer.byteLength(part.value)}`],
        })),
      ),
    ),
  'multipart with Content-Range at the part, as .NET sends': () =>
    post(multipart([...partsOf(signed()), file({ headers: ['Content-Range: bytes 0-9/10'] })])),
  'multipart without the last line end, as Node sends': () => {
    const { body, contentType } = multipart([...partsOf(signed()), file()]);
    return post({ contentType, body: body.subarray(0, -2) });
  },
  'multipart with a quoted boundary': () =>
    post({
      ...multipart([...partsOf(signed()), file()]),
      contentType: `multipart/form-data; boundary="${boundary}"`,
    }),
  'multipart, chunked': () => {
    const { body, contentType } = multipart([...partsOf(signed()), file()]);
    return client.raw({
      method: 'POST',
      path: client.api('image/upload'),
      headers: { 'Content-Type': contentType, 'Transfer-Encoding': 'chunked', 'Content-Length': [] },
      body,
    });
  },
  'lists as name[0], name[1], as go sends': () =>
    post(
      multipart([
        ...partsOf(without(signed(), 'tags')),
        { name: 'tags[0]', value: 'a' },
        { name: 'tags[1]', value: 'b' },
        file(),
      ]),
    ),
  'lists as a repeated name': () =>
    post(
      multipart([
        ...partsOf(without(signed(), 'tags')),
        { name: 'tags', value: 'a' },
        { name: 'tags', value: 'b' },
        file(),
      ]),
    ),
  'lists as a comma text': () => post(multipart([...partsOf(signed({ tags: 'a,b' })), file()])),
  urlencoded: () => post(urlencoded({ ...signed(), file: dataUri })),
  'urlencoded with bare commas and bars, as curl -d sends': () => {
    const params = { ...signed({ tags: 'a,b', eager: 'c_scale,w_5|c_scale,w_6' }), file: dataUri };
    const text = Object.entries(params).map(
      ([name, value]) => `${name}=${String(value).replaceAll('+', '%2B')}`,
    );
    return post(raw(text.join('&')));
  },
  'urlencoded without a Content-Type': () =>
    client.raw({
      method: 'POST',
      path: client.api('image/upload'),
      body: urlencoded({ ...signed(), file: dataUri }).body,
    }),
  'urlencoded with a charset': () =>
    post({
      ...urlencoded({ ...signed(), file: dataUri }),
      contentType: 'application/x-www-form-urlencoded; charset=utf-8',
    }),
  JSON: () => post(jsonForm({ ...signed(), file: dataUri })),
  'JSON with values as they are': () => {
    const params = { timestamp: Math.floor(Date.now() / 1000), colors: false, tags: ['a', 'b'] };
    const { apiKey: api_key, apiSecret } = client.account;
    const signature = signParams(params, apiSecret, { algorithm: 'sha256' });
    return post(jsonForm({ ...params, api_key, signature, file: dataUri }));
  },
  'credentials in the query, the rest in the body': () => {
    const { api_key = '', timestamp = '', signature = '', ...rest } = signed();
    return post(multipart([...partsOf(rest), file()]), queryOf({ api_key, timestamp, signature }));
  },
  'the same in query and body': () => {
    const params = signed();
    return post(multipart([...partsOf(params), file()]), queryOf({ api_key: params.api_key ?? '' }));
  },
  'everything in the query but the file': () => post(multipart([file()]), queryOf(signed({ tags: 'a,b' }))),
  'the route without a type': () => client.post('upload', multipart([...partsOf(signed()), file()])),
  'the type auto': () => client.post('auto/upload', multipart([...partsOf(signed()), file()])),
  'a whole range': () => {
    const range = `bytes 0-${picture.length - 1}/${picture.length}`;
    return post(multipart([...partsOf(signed()), file()]), '', {
      'Content-Range': range,
      'X-Unique-Upload-Id': 'u1',
    });
  },
  'an upload id without a range': () =>
    post(multipart([...partsOf(signed()), file()]), '', { 'X-Unique-Upload-Id': 'u2' }),
  'Expect: 100-continue': () =>
    post(multipart([...partsOf(signed()), file()]), '', { Expect: '100-continue' }),
};

describe('one upload', () => {
  it.each(Object.entries(forms))('%s', async (_, send) => {
    const answer = await send();
    expect(answer.message).toBeNull();
    expect([answer.status, answer.json<UploadAnswer>().tags, answer.json<UploadAnswer>().width]).toEqual([
      200,
      ['a', 'b'],
      12,
    ]);
  });
});

describe('file names', () => {
  it.each<[string, string, string]>([
    ['a whole path', '/some/dir/logo.png', 'logo'],
    ['UTF-8', 'été 日本.png', 'été 日本'],
    ['a quote as browsers write it', 'a%22b.png', 'a"b'],
    ['blob', 'blob', 'blob'],
  ])('%s', async (_, filename, original_filename) => {
    const answer = await post(multipart([...partsOf(signed()), file({ filename })]));
    expect(answer.json()).toMatchObject({ original_filename });
  });

  it('filename* wins over filename', async () => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="_.png"; filename*=UTF-8''%e2%82%ac.png\r\n\r\n`;
    const { body, contentType } = multipart(partsOf(signed()));
    const parts = [Buffer.from(head), picture, Buffer.from('\r\n'), body];
    expect((await post({ contentType, body: Buffer.concat(parts) })).json()).toMatchObject({
      original_filename: '€',
    });
  });
});

const malformed = (reason: string) => `Malformed request body: ${reason}`;

describe('refused', () => {
  const whole = () => multipart([...partsOf(signed()), file()]);
  const cases: Readonly<Record<string, [() => ReturnType<typeof post>, string | RegExp]>> = {
    'a type that is none of them': [
      () => post({ contentType: 'text/xml', body: Buffer.from('<x/>') }),
      'Unsupported content type text/xml',
    ],
    'multipart without boundary': [
      () => post({ ...whole(), contentType: 'multipart/form-data' }),
      malformed('the multipart boundary is missing or too long'),
    ],
    'multipart that is cut off': [
      () => post({ ...whole(), body: whole().body.subarray(0, -20) }),
      malformed('the multipart body does not end properly'),
    ],
    'JSON that is none': [
      () => post({ ...jsonForm({}), body: Buffer.from('{"a":') }),
      /^Malformed request body: /,
    ],
    'JSON that is a list': [() => post(jsonForm([1])), malformed('the JSON text is not an object')],
    'two files': [
      () => post(multipart([...partsOf(signed()), file(), file()])),
      'Parameter file was given more than once',
    ],
    'a file of another name': [
      () => post(multipart([...partsOf(signed()), file({ name: 'photo' })])),
      malformed("part 'photo' is a file; only 'file' may be"),
    ],
    'a scalar given twice': [
      () =>
        post(
          multipart([
            ...partsOf(signed()),
            { name: 'public_id', value: 'a' },
            { name: 'public_id', value: 'b' },
            file(),
          ]),
        ),
      'Parameter public_id was given more than once',
    ],
    'another value in query and body': [
      () => post(multipart([...partsOf(signed({ public_id: 'a' })), file()]), '?public_id=b'),
      'Parameter public_id was given more than once',
    ],
    'text that is not UTF-8': [
      () =>
        post(multipart([...partsOf(signed()), { name: 'tags', value: Buffer.from([0xff, 0xfe]) }, file()])),
      'Parameter tags contains characters that are not allowed',
    ],
    'a field of more than 4 MB': [
      () =>
        post(multipart([...partsOf(signed()), { name: 'context', value: 'x'.repeat(4_194_305) }, file()])),
      'Parameter context is too large. Maximum is 4194304 bytes',
    ],
    'too many fields': [
      () =>
        post(
          multipart([
            ...partsOf(signed()),
            ...Array.from({ length: 2201 }, (_, index) => ({ name: 'tags[]', value: `t${index}` })),
            file(),
          ]),
        ),
      'Too many parameters. Maximum is 2200',
    ],
  };

  it.each(Object.entries(cases))('%s', async (_, [send, message]) => {
    const answer = await send();
    expect(answer.status).toBe(400);
    if (typeof message === 'string') expect(answer.message).toBe(message);
    else expect(answer.message).toMatch(message);
  });
});
