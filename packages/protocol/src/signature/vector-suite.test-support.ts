import { describe, expect, test } from 'vitest';
import { escapeTokenText, signAuthToken } from './auth-token.js';
import { decodeBasicHeader, encodeBasicHeader } from './basic-header.js';
import { signDeliveryUrl, verifyDeliverySignature } from './delivery-signature.js';
import { signDownloadUrl } from './download-url.js';
import { signNotification, verifyNotification } from './notification-signature.js';
import { signResponse, verifyResponseSignature } from './response-signature.js';
import { encodeSearchQuery, signSearchUrl, verifySearchUrl } from './search-url.js';
import { apiSignRequest } from './sign-request.js';
import { stringToSign, wireStringToSign } from './string-to-sign.js';
import { type Family, type Vector, vectors, vectorsOf } from './vectors.test-support.js';
import { verifyAuthToken } from './verify-auth-token.js';
import { verifyHexSignature, verifyRequestSignature } from './verify-request.js';

const suites: { [F in Family]: (vector: Vector<F>) => void } = {
  request_signature({ params, api_secret: secret, algorithm, signature_version: version, ...vector }) {
    expect(stringToSign(params, version)).toBe(vector.string_to_sign);
    expect(apiSignRequest(params, secret, algorithm, version)).toBe(vector.expected);
    const text = vector.string_to_sign;
    expect(verifyHexSignature({ text, signature: vector.expected, secret, algorithm })).toBe(true);
  },
  wire_request_signature({ body, api_secret: secret, algorithm, signature_version: version, ...vector }) {
    expect(wireStringToSign(body, version)).toBe(vector.string_to_sign);
    const request = { params: body, signature: vector.expected, secret };
    expect(verifyRequestSignature(request)).toEqual({ outcome: 'valid', algorithm, version });
  },
  response_signature({ public_id: publicId, version, api_secret: secret, algorithm, expected }) {
    expect(signResponse({ publicId, version }, secret, algorithm)).toBe(expected);
    expect(verifyResponseSignature({ publicId, version, signature: expected, secret })).toBe(true);
  },
  webhook_signature({ body, timestamp, api_secret: secret, algorithm, expected }) {
    const bytes = new TextEncoder().encode(body);
    for (const raw of [body, bytes]) {
      expect(signNotification(raw, timestamp, secret, algorithm)).toBe(expected);
      const nowSeconds = Number(timestamp);
      const message = { body: raw, timestamp, signature: expected, secret, nowSeconds };
      expect(verifyNotification(message)).toEqual({ outcome: 'valid', payload: JSON.parse(body) });
    }
  },
  delivery_url_signature({ to_sign: toSign, api_secret: secret, algorithm, expected, ...vector }) {
    const long = vector.long_url_signature;
    expect(signDeliveryUrl(toSign, secret, { algorithm, long })).toBe(expected);
    expect(expected).toHaveLength(vector.length);
    const received = toSign.includes('%') ? toSign : encodeURI(toSign);
    expect(verifyDeliverySignature({ signature: expected, rawText: received, secret })).toBe(true);
    if (vector.url !== undefined) expect(vector.url).toContain(`/s--${expected}--/`);
  },
  auth_token({ key, ip, acl, url, expected, ...vector }) {
    const tokenName = vector.token_name;
    const expirationSeconds = vector.expiration;
    const durationSeconds = vector.duration;
    const startSeconds = vector.start_time;
    const options = { key, ip, acl, url, tokenName, expirationSeconds, durationSeconds, startSeconds };
    expect(signAuthToken(defined(options))).toBe(expected);
    const nowSeconds = expirationSeconds ?? (startSeconds ?? 0) + (durationSeconds ?? 0);
    const [pattern = ''] = [acl ?? []].flat();
    const urls = [url ?? pattern.replaceAll('*', 'anything')];
    const token = expected.slice(expected.indexOf('=') + 1);
    expect(verifyAuthToken(defined({ token, key, urls, nowSeconds, ip }))).toBe('valid');
  },
  auth_token_escape({ input, expected }) {
    expect(escapeTokenText(input)).toBe(expected);
  },
  download_url_signature({ path, params, api_secret: secret, algorithm, expected, ...vector }) {
    expect(wireStringToSign(params)).toBe(vector.string_to_sign);
    const [cloud = '', ...operation] = path.replace('/v1_1/', '').split('/');
    const url = signDownloadUrl({
      apiBase: 'https://api.cloudinary.com/v1_1',
      cloud,
      operation: operation.join('/'),
      params,
      apiKey: 'k',
      secret,
      algorithm,
    });
    expect(new URL(url).pathname).toBe(path);
    expect(new URL(url).searchParams.get('signature')).toBe(expected);
    if (vector.url !== undefined) expect(url).toBe(vector.url);
    const request = { params: { ...params, api_key: 'k' }, signature: expected, secret };
    expect(verifyRequestSignature(request).outcome).toBe('valid');
  },
  signed_search_url({ ttl, query_base64: encodedQuery, api_secret: secret, expected, ...vector }) {
    const query: Record<string, unknown> = JSON.parse(vector.query_json);
    expect(encodeSearchQuery(query)).toBe(encodedQuery);
    const url = signSearchUrl({
      deliveryBase: 'https://res.cloudinary.com/demo',
      query: Object.fromEntries(Object.entries(query).reverse()),
      secret,
      ttlSeconds: ttl,
      ...(vector.next_cursor === null ? {} : { nextCursor: vector.next_cursor }),
    });
    const tail = vector.next_cursor === null ? '' : `/${vector.next_cursor}`;
    expect(url).toBe(`https://res.cloudinary.com/demo/search/${expected}/${ttl}/${encodedQuery}${tail}`);
    const received = { signature: expected, ttl: String(ttl), encodedQuery, secret };
    expect(verifySearchUrl(received)).toEqual({ outcome: 'valid', query, ttlSeconds: ttl });
  },
  basic_auth_header({ api_key: apiKey, api_secret: apiSecret, base64_variant, expected }) {
    const urlSafe = base64_variant === 'url-safe';
    expect(encodeBasicHeader({ apiKey, apiSecret }, { urlSafe })).toBe(expected);
    expect(decodeBasicHeader(expected)).toEqual({ apiKey, apiSecret });
  },
};

/** All golden vectors through whatever `#digest` is in the calling test file. */
export function describeVectors(digestName: string): void {
  test('there are 73 vectors, every one with its source', () => {
    expect(vectors).toHaveLength(73);
    expect(vectors.filter(({ source }) => source === undefined || source === '')).toEqual([]);
    expect(new Set(vectors.map(({ family }) => family))).toEqual(new Set(Object.keys(suites)));
  });

  for (const family of Object.keys(suites) as Family[]) describeFamily(family, digestName);
}

function describeFamily<F extends Family>(family: F, digestName: string): void {
  describe(`${family} on ${digestName}`, () => {
    test.each(vectorsOf(family))('$name ($source)', (vector) => {
      suites[family](vector as Vector<F>);
    });
  });
}

/** Without the keys whose value is undefined. */
function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}
