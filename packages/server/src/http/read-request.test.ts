import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  boundary,
  type Edge,
  field,
  filePart,
  multipart,
  multipartType,
  rawRequest,
  sendRaw,
  startEdge,
} from './edge.test-support.js';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { 'Content-Type': 'application/json' };

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

async function send(request: Uint8Array, ...more: Uint8Array[]) {
  await sendRaw(edge.port, request, ...more);
  return edge.nextOutcome();
}

describe('dialects of the official clients', () => {
  const parameters: [string, Buffer, Record<string, unknown>][] = [
    [
      'GET with a JSON body (Ruby)',
      rawRequest('{"max_results":10,"prefix":"a"}', json, {
        method: 'GET',
        path: '/v1_1/demo/resources/image',
      }),
      { max_results: '10', prefix: 'a' },
    ],
    [
      'DELETE with a JSON body and null (Python)',
      rawRequest('{"transformations": null, "public_ids": ["a", "b"]}', json, { method: 'DELETE' }),
      { public_ids: ['a', 'b'] },
    ],
    ['form without Content-Type (PHP)', rawRequest('tags=a&timestamp=1'), { tags: 'a', timestamp: '1' }],
    [
      'indexed array (PHP DELETE, Go)',
      rawRequest('public_ids[0]=a&public_ids[1]=b', form, { method: 'DELETE' }),
      { public_ids: ['a', 'b'] },
    ],
    [
      'encoded bracket array',
      rawRequest('public_ids%5B%5D=a&public_ids%5B%5D=b', form),
      { public_ids: ['a', 'b'] },
    ],
    ['JSON array', rawRequest('{"public_ids":["a"]}', json), { public_ids: ['a'] }],
    ['comma string', rawRequest('asset_ids=a,b', form), { asset_ids: 'a,b' }],
    [
      'POST with query and empty body (asset management)',
      rawRequest('', {}, { path: '/v1_1/demo/image/destroy?public_id=a%2Fb&timestamp=1' }),
      { public_id: 'a/b', timestamp: '1' },
    ],
    [
      'query and an empty body of a type that needs more',
      rawRequest('', { 'Content-Type': 'multipart/form-data' }, { path: '/x?public_id=a' }),
      { public_id: 'a' },
    ],
    [
      'JSON booleans and numbers as their text, as written',
      rawRequest('{"colors":false,"phash":true,"angle":1.0,"timestamp":1315060510}', json),
      { colors: 'false', phash: 'true', angle: '1.0', timestamp: '1315060510' },
    ],
    [
      'JSON objects as compact text',
      rawRequest('{"context": {"a": "b"}, "responsive_breakpoints": [{"create_derived": true}]}', json),
      { context: '{"a":"b"}', responsive_breakpoints: '[{"create_derived":true}]' },
    ],
    [
      'GET with a form content type and no body (Node)',
      Buffer.from(
        `GET /x?max_results=5&next_cursor= HTTP/1.1\r\nHost: h\r\nContent-Type: ${form['Content-Type']}\r\n\r\n`,
      ),
      { max_results: '5' },
    ],
    [
      'reserved characters left unencoded (curl -d)',
      rawRequest('eager=w_400,h_300,c_pad|w_260,h_200,c_crop&context=a=b|c=d', form),
      { eager: 'w_400,h_300,c_pad|w_260,h_200,c_crop', context: 'a=b|c=d' },
    ],
    ['plus is a space', rawRequest('display_name=a+b%2Bc', form), { display_name: 'a b+c' }],
    [
      'query and body together, equal where both',
      rawRequest('tags=a&timestamp=1', form, { path: '/x?timestamp=1&type=upload' }),
      { tags: 'a', timestamp: '1', type: 'upload' },
    ],
    [
      'newlines where they may be',
      rawRequest('context=a%3Db%0Ac&metadata=x%0A', form),
      { context: 'a=b\nc', metadata: 'x\n' },
    ],
    [
      'UTF-8 content type with charset',
      rawRequest('{"tags":"\u00e9"}', { 'Content-Type': 'application/json; charset=UTF-8' }),
      { tags: '\u00e9' },
    ],
  ];
  test.each(parameters)('%s', async (_, request, expected) => {
    const outcome = await send(request);
    expect(outcome.error).toBeNull();
    expect(outcome.parameters).toEqual(expected);
  });

  const disposition = 'Content-Disposition: form-data; name="file"; filename';
  const files: [string, string, { filename: string | null; mimeType?: string | null }][] = [
    [
      'browser blob',
      `${disposition}="blob"\r\nContent-Type: image/png`,
      { filename: 'blob', mimeType: 'image/png' },
    ],
    ['whole path (Python)', `${disposition}="/some/dir/logo.png"`, { filename: 'logo.png', mimeType: null }],
    ['whole Windows path', `${disposition}="C:\\\\dir\\\\logo.png"`, { filename: 'logo.png' }],
    ['single backslashes', `${disposition}="C:\\dir\\logo.png"`, { filename: 'logo.png' }],
    ['UTF-8 (Python)', `${disposition}="\u00e9\u{1f600}.png"`, { filename: '\u00e9\u{1f600}.png' }],
    ['quote', `${disposition}="a\\"b%22.png"`, { filename: 'a"b".png' }],
    ['filename* wins (.NET)', `${disposition}="x"; filename*=utf-8''%C3%A9.png`, { filename: '\u00e9.png' }],
    ['broken filename*', `${disposition}="x.png"; filename*=utf-8''%C3.png`, { filename: 'x.png' }],
    ['unquoted (.NET)', 'Content-Disposition: form-data; name=file; filename=a.png', { filename: 'a.png' }],
    ['only dots', `${disposition}="../.."`, { filename: null }],
    [
      'part headers in any case, with length and encoding (PHP, Ruby)',
      `content-disposition: form-data; name="file"; filename="a"\r\nContent-Length: 5\r\nContent-Transfer-Encoding: binary\r\nContent-Range: bytes 0-4/5`,
      { filename: 'a' },
    ],
    [
      'no file name, but a type',
      'Content-Disposition: form-data; name="file"\r\nContent-Type: image/gif',
      { filename: null, mimeType: 'image/gif' },
    ],
  ];
  test.each(files)('file part: %s', async (_, header, expected) => {
    const outcome = await send(
      rawRequest(
        multipart(field('timestamp', '1'), [header, 'BYTES'], field('tags', 'after')),
        multipartType,
      ),
    );
    expect(outcome.error).toBeNull();
    expect(outcome.file).toMatchObject({ kind: 'part', text: 'BYTES', before: ['timestamp'], ...expected });
    expect(outcome.parameters).toEqual({ timestamp: '1', tags: 'after' });
  });

  test('chunked transfer encoding, last boundary without line end (Node)', async () => {
    const body = multipart(field('timestamp', '1'), filePart('BYTES')).subarray(0, -2);
    const pieces = [body.subarray(0, 50), body.subarray(50)].map((piece) =>
      Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
    );
    const head = `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Type: ${multipartType['Content-Type']}\r\n\r\n`;
    const outcome = await send(Buffer.from(head), ...pieces, Buffer.from('0\r\n\r\n'));
    expect(outcome).toMatchObject({ error: null, parameters: { timestamp: '1' }, file: { text: 'BYTES' } });
  });

  test('Expect: 100-continue (PHP)', async () => {
    const request = rawRequest(multipart(filePart('BYTES')), { ...multipartType, Expect: '100-continue' });
    const end = request.indexOf('\r\n\r\n') + 4;
    const answer = await sendRaw(edge.port, request.subarray(0, end), request.subarray(end));
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
    expect((await edge.nextOutcome()).file?.text).toBe('BYTES');
  });

  test('quoted boundary with odd characters', async () => {
    const body = multipart(field('tags', 'a')).toString().replaceAll(boundary, "b'()+_,-./:=? x");
    const type = { 'Content-Type': `Multipart/Form-Data; charset=utf-8; boundary="b'()+_,-./:=? x"` };
    expect(await send(rawRequest(body, type))).toMatchObject({ error: null, parameters: { tags: 'a' } });
  });
});

describe('the file as text', () => {
  const dataUri = 'data:image/png;base64,QllU\r\nRVM=';
  const url = 'https://www.example.com/sample.jpg?a=b,c';
  const encoded = (text: string) => encodeURIComponent(text);
  const bodies = (text: string): [string, Buffer][] => [
    ['multipart', rawRequest(multipart(field('timestamp', '1'), field('file', text)), multipartType)],
    ['urlencoded', rawRequest(`timestamp=1&file=${encoded(text)}&tags=a`, form)],
    ['JSON', rawRequest(JSON.stringify({ file: text, timestamp: 1 }), json)],
  ];
  test.each(bodies(dataUri))('data URI in %s', async (_, request) => {
    const { error, file, parameters } = await send(request);
    expect(error).toBeNull();
    expect(file).toMatchObject({
      kind: 'data-uri',
      mimeType: 'image/png',
      text: 'BYTES',
      before: ['timestamp'],
    });
    expect(parameters).not.toHaveProperty('file');
  });
  test.each(bodies(url))('URL in %s', async (_, request) => {
    expect((await send(request)).file).toMatchObject({ kind: 'text', text: url, before: ['timestamp'] });
  });
  test('URL in the query', async () => {
    const outcome = await send(rawRequest('', {}, { path: `/x?file=${encoded(url)}` }));
    expect(outcome.file).toMatchObject({ kind: 'text', text: url });
  });
  test('an empty text is no file', async () => {
    const outcome = await send(rawRequest('file=&tags=a', form));
    expect(outcome).toMatchObject({ file: null, parameters: { tags: 'a' }, read: { file: 'none' } });
  });
  test('an unescaped plus in base64 is refused, not misread', async () => {
    const outcome = await send(rawRequest('file=data:image/png;base64,a+bc', form));
    expect(outcome.error).toMatchObject({ code: 'malformed-body', status: 400 });
  });
  test('a long data URI streams through a form', async () => {
    const bytes = Buffer.alloc(3_000_000, 'xyz');
    const text = `data:;base64,${bytes.toString('base64').replace(/.{76}/g, '$&\n')}`;
    const outcome = await send(rawRequest(`file=${encoded(text)}&tags=a`, form));
    expect(outcome.error).toBeNull();
    expect(outcome.file?.text).toBe(bytes.toString('latin1'));
    expect(outcome.parameters).toEqual({ tags: 'a' });
  });
});

describe('refused', () => {
  const bad: [string, Buffer, string][] = [
    ['scalar twice', rawRequest('tags=a&tags=a', form), 'repeated-parameter'],
    ['scalar and list', rawRequest('tags=a&tags[]=b', form), 'repeated-parameter'],
    ['query and body differ', rawRequest('a=1', form, { path: '/x?a=2' }), 'repeated-parameter'],
    ['JSON member twice', rawRequest('{"tags":"a","tags":"b"}', json), 'repeated-parameter'],
    ['JSON file twice', rawRequest('{"file":"http://a/","file":"http://b/"}', json), 'repeated-parameter'],
    [
      'file in query and body',
      rawRequest('file=http://a/', form, { path: '/x?file=http://b/' }),
      'repeated-parameter',
    ],
    ['NUL', rawRequest('tags=a%00', form), 'illegal-characters'],
    ['tab', rawRequest('context=a%09', form), 'illegal-characters'],
    ['CR in context', rawRequest('context=a%0D%0Ab', form), 'illegal-characters'],
    ['LF in tags', rawRequest('tags=a%0Ab', form), 'illegal-characters'],
    ['C1', rawRequest('tags=%C2%85', form), 'illegal-characters'],
    ['not UTF-8', rawRequest('tags=%FF', form), 'illegal-characters'],
    ['overlong UTF-8', rawRequest('tags=%C0%AF', form), 'illegal-characters'],
    ['lone surrogate in JSON', rawRequest('{"tags":"\\ud800"}', json), 'illegal-characters'],
    [
      'control character deep in JSON',
      rawRequest('{"context":{"a":["\\u0000"]}}', json),
      'illegal-characters',
    ],
    ['prototype name', rawRequest('__proto__=a', form), 'illegal-parameter-name'],
    ['prototype name in JSON', rawRequest('{"__proto__":{"a":1}}', json), 'illegal-parameter-name'],
    ['equals sign in a name', rawRequest('a%3Db=c', form), 'illegal-parameter-name'],
    ['brace in a name', rawRequest('{"a":1}', form), 'illegal-parameter-name'],
    ['space in a name', rawRequest('a b=c', form), 'illegal-parameter-name'],
    ['upper case', rawRequest('Tags=a', form), 'illegal-parameter-name'],
    ['nested brackets', rawRequest('context[a][b]=c', form), 'illegal-parameter-name'],
    ['no name', rawRequest('=a', form), 'illegal-parameter-name'],
    ['long name', rawRequest(`${'a'.repeat(65)}=b`, form), 'illegal-parameter-name'],
    ['endless name', rawRequest('a'.repeat(100_000), form), 'illegal-parameter-name'],
    ['broken escape', rawRequest('tags=%4', form), 'malformed-body'],
    ['percent sign', rawRequest('tags=100% sure', form), 'malformed-body'],
    ['bad JSON', rawRequest('{"tags":', json), 'malformed-body'],
    ['JSON array', rawRequest('["a"]', json), 'malformed-body'],
    ['JSON null', rawRequest('null', json), 'malformed-body'],
    [
      'deep JSON',
      rawRequest(`{"context":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, json),
      'malformed-body',
    ],
    ['JSON file that is no text', rawRequest('{"file":{"a":1}}', json), 'invalid-value'],
    [
      'other charset',
      rawRequest('tags=a', { 'Content-Type': `${form['Content-Type']}; charset=utf-16` }),
      'unsupported-content-type',
    ],
    ['other type', rawRequest('<a/>', { 'Content-Type': 'text/xml' }), 'unsupported-content-type'],
    ['broken type', rawRequest('a=b', { 'Content-Type': 'a/b; "' }), 'unsupported-content-type'],
    [
      'part encoding',
      rawRequest(
        multipart([`${filePart('')[0]}\r\nContent-Transfer-Encoding: base64`, 'QQ==']),
        multipartType,
      ),
      'malformed-body',
    ],
    [
      'part charset',
      rawRequest(
        multipart([`${field('tags', '')[0]}\r\nContent-Type: text/plain; charset=utf-16`, 'a']),
        multipartType,
      ),
      'unsupported-content-type',
    ],
    [
      'LF in a file name',
      rawRequest(
        multipart([`Content-Disposition: form-data; name="file"; filename*=UTF-8''a%0Ab`, 'a']),
        multipartType,
      ),
      'illegal-characters',
    ],
    [
      'file under another name',
      rawRequest(multipart([filePart('')[0].replace('name="file"', 'name="image"'), 'a']), multipartType),
      'malformed-body',
    ],
    ['long URL', rawRequest(`file=http://a/${'a'.repeat(70_000)}`, form), 'field-too-large'],
  ];
  test.each(bad)('%s', async (_, request, code) => {
    const { error } = await send(request);
    expect(error).toMatchObject({ code, status: 400 });
  });
});

describe('limits, the same in every dialect', () => {
  const value = (bytes: number) => 'a'.repeat(bytes);
  const limit = 4 * 1024 * 1024;
  const dialects: [string, (fields: [string, string][]) => Buffer][] = [
    [
      'multipart',
      (fields) => rawRequest(multipart(...fields.map(([name, text]) => field(name, text))), multipartType),
    ],
    ['urlencoded', (fields) => rawRequest(fields.map((pair) => pair.join('=')).join('&'), form)],
    ['JSON', (fields) => rawRequest(JSON.stringify(Object.fromEntries(fields)), json)],
  ];
  describe.each(dialects)('%s', (_, build) => {
    test('a field of 4 MB is whole, one byte more is refused', async () => {
      expect((await send(build([['context', value(limit)]]))).parameters.context).toHaveLength(limit);
      expect((await send(build([['context', value(limit + 1)]]))).error?.message).toBe(
        'Parameter context is too large. Maximum is 4194304 bytes',
      );
    });
    test('8 MB together', async () => {
      const { error } = await send(
        build([
          ['a', value(limit)],
          ['b', value(limit)],
        ]),
      );
      expect(error).toMatchObject({ code: 'field-too-large', status: 400 });
    });
    test('2,200 parameters, not one more', async () => {
      const fields = (count: number) =>
        Array.from({ length: count }, (_, n): [string, string] => [`n${n}`, '1']);
      expect((await send(build(fields(2200)))).error).toBeNull();
      expect((await send(build(fields(2201)))).error?.code).toBe('too-many-fields');
    });
  });
});
