import { describe, expect, test } from 'vitest';
import { decodeBasicHeader, encodeBasicHeader } from './basic-header.js';
import { signDownloadUrl } from './download-url.js';
import { signMediaLibraryLogin, verifyMediaLibraryLogin } from './media-library-login.js';
import { cloudinary, sdk } from './official-sdk.test-support.js';
import { encodeSearchQuery, signSearchQuery, signSearchUrl, verifySearchUrl } from './search-url.js';
import { verifyRequestSignature } from './verify-request.js';

const secret = 's3cr3t-Key_01';

describe('signDownloadUrl', () => {
  test('is the private_download_url of the official SDK', () => {
    const params = {
      timestamp: 1700000000,
      public_id: 'docs/a & b (1)',
      format: 'pdf',
      type: 'private',
      expires_at: 5,
    };
    const { public_id: publicId, format, ...options } = params;
    const account = { cloud_name: 'demo', api_key: 'k', api_secret: secret, resource_type: 'raw' };
    const theirs = cloudinary.utils.private_download_url(publicId, format, { ...account, ...options });
    const ours = signDownloadUrl({
      apiBase: 'https://api.cloudinary.com/v1_1',
      cloud: 'demo',
      resourceType: 'raw',
      params: { ...params, attachment: undefined },
      apiKey: 'k',
      secret,
    });
    const read = (url: string) => Object.fromEntries(new URL(url).searchParams);
    expect(new URL(ours).pathname).toBe(new URL(theirs).pathname);
    expect(read(ours)).toEqual(read(theirs));
    const { signature = '', ...received } = read(theirs);
    expect(verifyRequestSignature({ params: received, signature, secret }).outcome).toBe('valid');
  });

  test('an operation without a resource type', () => {
    const download = {
      cloud: 'demo',
      operation: 'download_backup',
      params: { timestamp: 1 },
      apiKey: 'k',
      secret,
    };
    const url = signDownloadUrl({ apiBase: 'http://127.0.0.1:8420/v1_1', ...download, algorithm: 'sha256' });
    expect(url).toMatch(
      /^http:\/\/127\.0\.0\.1:8420\/v1_1\/demo\/download_backup\?timestamp=1&signature=[0-9a-f]{64}&api_key=k$/,
    );
  });
});

describe('search URLs', () => {
  const account = () => ({ cloud_name: 'demo', api_secret: secret, secure: true });

  // ASCII only: for other letters the Node SDK encodes low bytes instead of UTF-8, and the other SDKs do not.
  test('are those of the official SDK', () => {
    const search = cloudinary.search
      .expression('tags="a b" AND bytes>1m')
      .sort_by('created_at', 'asc')
      .max_results(5);
    const query = {
      sort_by: [{ created_at: 'asc' }],
      max_results: 5,
      expression: 'tags="a b" AND bytes>1m',
      fields: [],
    };
    const ours = { deliveryBase: 'https://res.cloudinary.com/demo', query, secret };
    expect(signSearchUrl(ours)).toBe(search.to_url(300, '', account()));
    expect(signSearchUrl({ ...ours, ttlSeconds: 60, nextCursor: 'abc' })).toBe(
      search.to_url(60, 'abc', account()),
    );
  });

  const encodedQuery = encodeSearchQuery({ expression: 'tags=cat' });
  const intact = { signature: signSearchQuery(300, encodedQuery, secret), ttl: '300', encodedQuery, secret };

  test('a ttl cut short is refused, though the same text is signed', () => {
    for (const digits of [1, 2, 3]) {
      const ttl = '300'.slice(0, 3 - digits);
      const moved = { ...intact, ttl, encodedQuery: '300'.slice(3 - digits) + encodedQuery };
      expect(verifySearchUrl(moved)).toEqual({ outcome: 'invalid' });
    }
    const long = { ...intact, signature: signSearchQuery(12345, encodedQuery, secret) };
    expect(verifySearchUrl({ ...long, ttl: '1', encodedQuery: `2345${encodedQuery}` })).toEqual({
      outcome: 'invalid',
    });
    expect(verifySearchUrl({ ...long, ttl: '12345' }).outcome).toBe('valid');
  });

  test.each([
    ['ttl', { ttl: '301' }],
    ['query', { encodedQuery: encodeSearchQuery({ expression: 'tags=dog' }) }],
    ['signature', { signature: 'a'.repeat(64) }],
    ['secret', { secret: 'other' }],
  ])('another %s is refused', (_, other) => {
    expect(verifySearchUrl({ ...intact, ...other })).toEqual({ outcome: 'invalid' });
  });

  test('any script survives', () => {
    const query = { expression: 'tags="фото 猫"' };
    const encoded = encodeSearchQuery(query);
    const signature = signSearchQuery(300, encoded, secret);
    const verified = verifySearchUrl({ signature, ttl: '300', encodedQuery: encoded, secret });
    expect(verified).toEqual({ outcome: 'valid', query, ttlSeconds: 300 });
  });

  test('a signed text that is no object is refused', () => {
    const text = Buffer.from('[1]').toString('base64');
    const signed = { ...intact, encodedQuery: text, signature: signSearchQuery(300, text, secret) };
    expect(verifySearchUrl(signed)).toEqual({ outcome: 'invalid' });
  });
});

describe('Basic credentials', () => {
  test.each([
    ['a secret with colons', 'key', 'a:b:c'],
    ['any script', 'ключ', 'пароль 猫'],
    ['an empty secret', 'key', ''],
  ])('%s', (_, apiKey, apiSecret) => {
    for (const urlSafe of [true, false]) {
      expect(decodeBasicHeader(encodeBasicHeader({ apiKey, apiSecret }, { urlSafe }))).toEqual({
        apiKey,
        apiSecret,
      });
    }
    expect(encodeBasicHeader({ apiKey, apiSecret })).toBe(
      `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`,
    );
  });

  test.each(['basic a2V5OnNlY3JldA==', 'BASIC  a2V5OnNlY3JldA', 'Basic a2V5OnNlY3JldA== '])(
    'read: %j',
    (header) => {
      expect(decodeBasicHeader(header)).toEqual({ apiKey: 'key', apiSecret: 'secret' });
    },
  );

  test.each([
    ['another scheme', 'Bearer a2V5OnNlY3JldA=='],
    ['nothing', 'Basic '],
    ['no colon', `Basic ${Buffer.from('key').toString('base64')}`],
    ['not base64', 'Basic a2V5*'],
    ['not UTF-8', `Basic ${Buffer.from([0x6b, 0x3a, 0xff]).toString('base64')}`],
    ['a control character', `Basic ${Buffer.from('k:a\nb').toString('base64')}`],
    ['two values', 'Basic a2V5OnNlY3JldA== a2V5'],
  ])('refused: %s', (_, header) => {
    expect(decodeBasicHeader(header)).toBeNull();
  });

  test('a key with a colon cannot be written', () => {
    expect(() => encodeBasicHeader({ apiKey: 'a:b', apiSecret: 'c' })).toThrow(TypeError);
  });
});

describe('media library log-in', () => {
  const login = { cloudName: 'dn6ot3ged', timestamp: 1568810420, username: 'user&name=x@cloudinary.com' };
  const signature = signMediaLibraryLogin(login, secret);

  test('is SHA-256 over the three raw values', () => {
    const text = 'cloud_name=dn6ot3ged&timestamp=1568810420&username=user&name=x@cloudinary.com';
    expect(signature).toBe(sdk.compute_hash(text + secret, 'sha256', 'hex'));
    expect(verifyMediaLibraryLogin({ ...login, signature, secret })).toBe(true);
    expect(verifyMediaLibraryLogin({ ...login, timestamp: '1568810420', signature, secret })).toBe(true);
  });

  test.each([
    ['user', { username: 'user' }],
    ['time', { timestamp: 1568810421 }],
    ['cloud', { cloudName: 'other' }],
    ['secret', { secret: 'other' }],
    ['signature', { signature: signature.slice(0, 40) }],
  ])('another %s is refused', (_, other) => {
    expect(verifyMediaLibraryLogin({ ...login, signature, secret, ...other })).toBe(false);
  });

  test('a value moved into the one before it is refused', () => {
    const moved = { cloudName: 'dn6ot3ged&timestamp=1568810420', timestamp: '1', username: login.username };
    expect(verifyMediaLibraryLogin({ ...moved, signature, secret })).toBe(false);
    expect(() => signMediaLibraryLogin(moved, secret)).toThrow(TypeError);
  });
});
