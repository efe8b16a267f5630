import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { multipart, partsOf } from '../support/forms.js';
import { plain } from '../support/pictures.js';
import { startRemoteHost } from '../support/remote-host.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** What `file` may be (upload-api reference, section 3.2), and what it may not reach (threat model T22 to T25). */

const server = useServer({
  env: { COUNTERSEAL_FETCH_ALLOW: '127.0.0.0/8', COUNTERSEAL_MAX_FILE_BYTES: '100000' },
});
const closed = useServer();
const client = createClient(server);
let picture: Buffer;
let remote: Awaited<ReturnType<typeof startRemoteHost>>;

beforeAll(async () => {
  picture = await plain(12, 8);
  remote = await startRemoteHost((req, res) => {
    const [path = '', query = ''] = (req.url ?? '').split('?');
    if (path.endsWith('.png')) res.end(picture);
    else if (path === '/large') res.end(Buffer.alloc(100_001));
    else if (path === '/redirect') res.writeHead(302, { Location: decodeURIComponent(query) }).end();
    else if (path === '/loop') res.writeHead(302, { Location: '/loop' }).end();
    else if (path === '/empty') res.end();
    else res.writeHead(404).end();
  });
});
afterAll(() => remote.close());

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/** A stream from memory, as PHP sends it: no file name, no type, but its length (observed behaviours, section 1). */
function unnamed(value: string | Uint8Array, resourceType = 'image') {
  const part = { name: 'file', value, headers: [`Content-Length: ${Buffer.byteLength(value)}`] };
  return client.post(`${resourceType}/upload`, multipart([...partsOf(client.credentials({})), part]));
}

describe('a file is', () => {
  it('a part without a name and type that holds bytes', async () => {
    const answer = await unnamed(picture);
    expect(answer.json()).toMatchObject({ etag: md5(picture), width: 12 });
    expect(answer.json().original_filename).toBe('file');
    const text = 'a,b\r\n1,2\r\n';
    expect((await unnamed(text, 'raw')).json()).toMatchObject({ bytes: text.length });
  });

  it.each([
    ['photo.jpg', 'Unsupported source URL: photo.jpg'],
    ['http://127.0.0.1/a\nb.png', 'Parameter file contains characters that are not allowed'],
    ['data:image/png;base64,\n', 'Empty file'],
  ])('not bytes in a part without a name, when it is a text: %j', async (text, message) => {
    const answer = await unnamed(text);
    expect([answer.status, answer.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it('a part with a name', async () => {
    const answer = await client.upload({
      bytes: picture,
      filename: 'holiday.of.mine.png',
      type: 'image/png',
    });
    expect(answer.json()).toMatchObject({
      etag: md5(picture),
      original_filename: 'holiday.of.mine',
      bytes: picture.length,
    });
  });

  it('a part whose type and extension lie: the bytes decide', async () => {
    const answer = await client.upload({ bytes: picture, filename: 'x.pdf', type: 'application/pdf' });
    expect(answer.json()).toMatchObject({ format: 'png', resource_type: 'image' });
  });

  it.each<[string, (base64: string) => string]>([
    ['with a type', (base64) => `data:image/png;base64,${base64}`],
    ['without a type', (base64) => `data:;base64,${base64}`],
    ['with a parameter', (base64) => `data:image/png;name=x.png;base64,${base64}`],
    ['in upper case', (base64) => `DATA:IMAGE/PNG;BASE64,${base64}`],
    ['with line breaks', (base64) => `data:image/png;base64,${base64.replace(/(.{20})/g, '$1\r\n')}`],
    ['without padding', (base64) => `data:image/png;base64,${base64.replace(/=+$/, '')}`],
  ])('a data URI %s', async (_, uri) => {
    const answer = await client.upload(uri(picture.toString('base64')));
    expect(answer.json()).toMatchObject({ etag: md5(picture), original_filename: 'file' });
  });

  it('a data URI of percent-encoded text', async () => {
    const answer = await client.upload('data:text/plain,hello%20world', {}, { resourceType: 'raw' });
    expect(answer.json()).toMatchObject({ etag: md5(Buffer.from('hello world')), resource_type: 'raw' });
  });

  it('an address, whose last segment is the file name', async () => {
    const answer = await client.upload(`${remote.url}/folder/my%20logo.png?size=1`);
    expect(answer.json()).toMatchObject({ etag: md5(picture), original_filename: 'my logo' });
    expect(remote.seen).toContain('/folder/my%20logo.png?size=1');
  });

  it('an address that redirects, up to three times', async () => {
    const through = (hops: number): string =>
      hops === 0 ? `${remote.url}/a.png` : `${remote.url}/redirect?${encodeURIComponent(through(hops - 1))}`;
    expect((await client.upload(through(3))).status).toBe(200);
    const refused = await client.upload(through(4));
    expect([refused.status, refused.message]).toEqual([
      400,
      expect.stringMatching(/^Error in loading http.* - /),
    ]);
  });
});

describe('refused', () => {
  it('no file', async () => {
    const answer = await client.call('image/upload', { public_id: 'x' });
    expect([answer.status, answer.message]).toEqual([400, 'Missing required parameter - file']);
  });

  it.each<[string, string]>([
    ['an empty part', ''],
    ['an empty data URI', 'data:image/png;base64,'],
  ])('%s', async (_, uri) => {
    const answer = await client.upload(uri === '' ? { bytes: Buffer.alloc(0) } : uri);
    expect([answer.status, answer.message]).toEqual([400, 'Empty file']);
  });

  it.each(['data:image/png;base64,%%%', 'data:image/png;base64,iVBORw0KGgo$', 'data:nonsense'])(
    '%s',
    async (uri) => {
      const answer = await client.upload(uri);
      expect(answer.status).toBe(400);
      expect(answer.message).toMatch(/^Malformed request body: the data URI in file is not valid: /);
    },
  );

  it.each(['part', 'data URI', 'address'])('too large: %s', async (form) => {
    const bytes = Buffer.alloc(100_001);
    const files = {
      part: { bytes },
      'data URI': `data:;base64,${bytes.toString('base64')}`,
      address: `${remote.url}/large`,
    };
    const answer = await client.upload(files[form as keyof typeof files], {}, { resourceType: 'raw' });
    expect(answer.status).toBe(400);
    expect(answer.message).toMatch(/^File size too large\. Got \d+\. Maximum is 100000\.$/);
  });

  it('exactly as large as allowed is not too large', async () => {
    expect((await client.upload({ bytes: Buffer.alloc(100_000) }, {}, { resourceType: 'raw' })).status).toBe(
      200,
    );
  });

  it.each<[string, string]>([
    ['/missing', '404 Not Found'],
    ['/loop', 'ERR_TOO_MANY_REDIRECTS 0'],
  ])('an address that answers otherwise: %s', async (path, reason) => {
    const answer = await client.upload(remote.url + path);
    expect([answer.status, answer.message]).toEqual([
      400,
      `Error in loading ${remote.url}${path} - ${reason}`,
    ]);
  });

  it('an address that answers nothing', async () => {
    expect((await client.upload(`${remote.url}/empty`)).message).toBe('Empty file');
  });

  it.each([
    's3://bucket/key',
    'gs://bucket/key',
    'ftp://host/x.png',
    'file:///etc/passwd',
    'just words',
    '/etc/passwd',
  ])('%s', async (text) => {
    const answer = await client.upload(text);
    expect([answer.status, answer.message]).toEqual([400, `Unsupported source URL: ${text}`]);
  });

  it('a redirect to another scheme', async () => {
    const url = `${remote.url}/redirect?${encodeURIComponent('file:///etc/passwd')}`;
    const answer = await client.upload(url);
    expect([answer.status, answer.message]).toEqual([
      400,
      `Error in loading ${url} - ERR_SCHEME_NOT_ALLOWED 0`,
    ]);
  });
});

describe('an address inside is never reached', () => {
  const inside = () => [
    `http://127.0.0.1:${remote.port}/a.png`,
    `http://localhost:${remote.port}/a.png`,
    `http://2130706433:${remote.port}/a.png`,
    `http://0x7f.1:${remote.port}/a.png`,
    `http://0177.0.0.1:${remote.port}/a.png`,
    `http://127.1:${remote.port}/a.png`,
    `http://①②⑦.0.0.1:${remote.port}/a.png`,
    `http://[::1]:${remote.port}/a.png`,
    `http://[::ffff:127.0.0.1]:${remote.port}/a.png`,
    `http://[64:ff9b::7f00:1]:${remote.port}/a.png`,
    `http://[2002:7f00:1::]:${remote.port}/a.png`,
    `http://0.0.0.0:${remote.port}/a.png`,
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
  ];

  it('whatever its spelling', async () => {
    const outside = createClient(closed);
    const before = remote.seen.length;
    for (const url of inside()) {
      const answer = await outside.upload(url);
      expect([url, answer.status, answer.message]).toEqual([
        url,
        400,
        expect.stringMatching(/^Error in loading .* - (ERR_ADDRESS_NOT_ALLOWED|ERR_DNS_FAIL) 0$/),
      ]);
    }
    expect(remote.seen.length).toBe(before);
  });

  it('nor with a user name in it, nor a foreign range by a redirect from an allowed one', async () => {
    const named = await client.upload(`http://user:pass@127.0.0.1:${remote.port}/a.png`);
    expect(named.message).toMatch(/ - ERR_USER_INFO_NOT_ALLOWED 0$/);
    const metadata = encodeURIComponent('http://169.254.169.254/latest/');
    const redirected = await client.upload(`${remote.url}/redirect?${metadata}`);
    expect(redirected.message).toMatch(/ - ERR_ADDRESS_NOT_ALLOWED 0$/);
  });
});

it('leaves nothing behind when it refuses', async () => {
  const before = (await client.admin('GET', 'resources/image', { max_results: 500 })).json<{
    resources: UploadAnswer[];
  }>();
  await client.upload(`${remote.url}/missing`, { public_id: 'never' });
  const after = (await client.admin('GET', 'resources/image', { max_results: 500 })).json<{
    resources: UploadAnswer[];
  }>();
  expect(after.resources.length).toBe(before.resources.length);
});
