import { v2 as cloudinary } from 'cloudinary';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryTextVariants, signDeliveryUrl, verifyDeliverySignature } from './delivery-signature.js';

const secret = 'abcd';
const options = { cloud_name: 'demo', api_secret: secret, sign_url: true, analytics: false, secure: true };

/** What a server reads from a signed URL: signature, text, and where the public id begins. */
function received(url: string) {
  const [, signature = '', rest = ''] = /\/s--([\w-]{8,32})--\/(.*)$/.exec(url) ?? [];
  const [, components = '', publicId = ''] = /^(.*?)(?:v1\/)?((?:folder\/)?[^/]*)$/.exec(rest) ?? [];
  return { signature, rawText: components + publicId, publicIdOffset: components.length, secret };
}

describe('texts that were run through the official SDK (transformations reference, section 1.5)', () => {
  test.each([
    ['c_pad,h_300,w_400/folder/sample.jpg', '2B-aPYhO'],
    ['a%20b/%C3%BC%20c.png', 'kenS30Lm'],
    ['l_text:Arial_40:Hello World/sample', 'KEptDKwf'],
  ])('%s', (toSign, signature) => {
    expect(signDeliveryUrl(toSign, secret)).toBe(signature);
    const rawText = toSign.replaceAll(' ', '%20');
    expect(verifyDeliverySignature({ signature, rawText, secret })).toBe(true);
  });

  test('the long form', () => {
    const text = 'c_pad,h_300,w_400/folder/sample.jpg';
    const long = '4jrAv74AAY-tZL54ZP11adRBAYKqaqqg';
    expect(signDeliveryUrl(text, secret, { long: true })).toBe(long);
    expect(verifyDeliverySignature({ signature: long, rawText: text, secret })).toBe(true);
  });
});

describe('URLs of the official SDK are accepted', () => {
  test.each([
    ['sample.jpg', {}],
    ['folder/half & half, (v2)!+x.jpg', {}],
    ['folder/фото 猫.jpg', { width: 100, crop: 'fill' }],
    ['sample.jpg', { long_url_signature: true }],
    ['sample.jpg', { signature_algorithm: 'sha256' }],
    ['sample.jpg', { raw_transformation: 'l_text:Arial_40:Hello World' }],
    // Components signed with plain spaces, the public id percent-encoded: neither part alone explains it.
    ['a b.jpg', { raw_transformation: 'l_text:Arial_40:Hello World' }],
  ])('%s %j', (publicId, more) => {
    const delivery = received(cloudinary.url(publicId, { ...options, ...more }));
    expect(verifyDeliverySignature(delivery)).toBe(true);
    expect(verifyDeliverySignature({ ...delivery, rawText: `x${delivery.rawText}` })).toBe(false);
  });

  test('ours are those of the SDK', () => {
    const url = cloudinary.url('folder/a b.jpg', { ...options, width: 100, crop: 'fill' });
    expect(url).toContain(`/s--${signDeliveryUrl('c_fill,w_100/folder/a%20b.jpg', secret)}--/`);
  });
});

test('a public id that was signed decoded, below components that were not (.NET)', () => {
  const signature = signDeliveryUrl('l_text:Arial_40:a%252Cb/僅測試.jpg', secret);
  const components = 'l_text:Arial_40:a%252Cb/';
  const rawText = `${components}%E5%83%85%E6%B8%AC%E8%A9%A6.jpg`;
  const delivery = { signature, rawText, secret };
  expect(verifyDeliverySignature({ ...delivery, publicIdOffset: components.length })).toBe(true);
  expect(verifyDeliverySignature(delivery)).toBe(false);
});

test.each([
  ['plain/sample.jpg', ['plain/sample.jpg']],
  ['a%20b.jpg', ['a%20b.jpg', 'a b.jpg']],
  ['a%2520b.jpg', ['a%2520b.jpg', 'a%20b.jpg', 'a b.jpg']],
  ['%C3%BC%20.jpg', ['%C3%BC%20.jpg', '%C3%BC .jpg', 'ü .jpg']],
  ['100%.jpg', ['100%.jpg']],
  ['%FF%20', ['%FF%20', '%FF ']],
])('the spellings of %s', (rawText, expected) => {
  expect(deliveryTextVariants(rawText)).toEqual(expected);
});

test('one changed character of text or signature is refused, and so is another secret', () => {
  const text = fc.stringMatching(/^[a-z_,/0-9]{1,20}\.jpg$/);
  fc.assert(
    fc.property(text, fc.boolean(), fc.nat(), (rawText, long, where) => {
      const signature = signDeliveryUrl(rawText, secret, { long });
      expect(verifyDeliverySignature({ signature, rawText, secret })).toBe(true);
      expect(verifyDeliverySignature({ signature: replaced(signature, where), rawText, secret })).toBe(false);
      expect(verifyDeliverySignature({ signature, rawText: replaced(rawText, where), secret })).toBe(false);
      expect(verifyDeliverySignature({ signature, rawText, secret: 'abce' })).toBe(false);
    }),
  );
});

test('S14: other lengths are refused, and a key may refuse SHA-1', () => {
  const long = signDeliveryUrl('sample.jpg', secret, { long: true });
  for (const length of [0, 7, 9, 31]) {
    const delivery = { signature: long.slice(0, length), rawText: 'sample.jpg', secret };
    expect(verifyDeliverySignature(delivery)).toBe(false);
  }
  const short = { signature: signDeliveryUrl('sample.jpg', secret), rawText: 'sample.jpg', secret };
  expect(verifyDeliverySignature({ ...short, algorithms: ['sha256'] })).toBe(false);
  expect(verifyDeliverySignature({ ...short, signature: long, algorithms: ['sha1'] })).toBe(false);
  expect(() => verifyDeliverySignature({ ...short, secret: '' })).toThrow(TypeError);
});

function replaced(text: string, where: number): string {
  const at = where % text.length;
  return text.slice(0, at) + (text[at] === 'q' ? 'r' : 'q') + text.slice(at + 1);
}
