import { v2 as sdk } from 'cloudinary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDeliveryUrl, deliverySignedText, parseDeliveryPath } from './delivery-url.js';
import { ApiError } from './errors.js';
import { isPublicId } from './public-id.js';

const plain = {
  cloud: 'demo',
  resourceType: 'image',
  type: 'upload',
  signature: null,
  transformation: '',
  version: null,
};

describe('parseDeliveryPath', () => {
  it.each([
    [
      '/demo/image/upload/sample.jpg',
      { signedText: 'sample.jpg', id: 'sample.jpg', publicId: 'sample', extension: 'jpg' },
    ],
    ['/res/demo/image/upload/sample', { signedText: 'sample', publicId: 'sample', extension: null }],
    ['/demo/image/upload/sample.jpg?_a=BAMAABCD', { publicId: 'sample', extension: 'jpg' }],
    [
      '/demo/image/upload/v1234/a/b.PNG',
      { version: 1234, signedText: 'a/b.PNG', publicId: 'a/b', extension: 'png' },
    ],
    ['/demo/image/upload/sample.my.name', { publicId: 'sample.my.name', extension: null }],
    ['/demo/image/upload/folder/.jpg', { publicId: 'folder/.jpg', extension: null }],
    [
      '/demo/raw/upload/v1/doc.pdf',
      { resourceType: 'raw', version: 1, publicId: 'doc.pdf', extension: null },
    ],
    ['/demo/video/upload/clip.mp4', { resourceType: 'video', publicId: 'clip', extension: 'mp4' }],
    [
      '/demo/image/private/s--Ai4Znfl3--/c_crop,h_20,w_10/image.jpg',
      {
        type: 'private',
        signature: 'Ai4Znfl3',
        transformation: 'c_crop,h_20,w_10',
        signedText: 'c_crop,h_20,w_10/image.jpg',
        publicId: 'image',
      },
    ],
    [
      '/demo/image/authenticated/s--4jrAv74AAY-tZL54ZP11adRBAYKqaqqg--/c_pad,h_300,w_400/v1/folder/sample.jpg',
      {
        type: 'authenticated',
        signature: '4jrAv74AAY-tZL54ZP11adRBAYKqaqqg',
        transformation: 'c_pad,h_300,w_400',
        version: 1,
        signedText: 'c_pad,h_300,w_400/folder/sample.jpg',
        publicId: 'folder/sample',
      },
    ],
    ['/demo/image/upload/s----SjmNDA--/image.jpg', { signature: '--SjmNDA', signedText: 'image.jpg' }],
    ['/demo/image/upload/s--Ai4Znfl3--', { signature: null, publicId: 's--Ai4Znfl3--' }],
    [
      '/demo/image/upload/s--kenS30Lm--/v1/a%20b/%C3%BC%20c.png',
      {
        signature: 'kenS30Lm',
        signedText: 'a%20b/%C3%BC%20c.png',
        publicId: 'a b/ü c',
        version: 1,
      },
    ],
    ['/demo/image/upload/e%CC%81.jpg', { signedText: 'e%CC%81.jpg', publicId: '\u00e9' }],
    [
      '/demo/image/upload/c_fill,w_5/e_sepia/v7/my_dir/x.jpg',
      {
        transformation: 'c_fill,w_5/e_sepia',
        version: 7,
        publicId: 'my_dir/x',
      },
    ],
    ['/demo/image/upload/my_dir/x.jpg', { transformation: 'my_dir', publicId: 'x' }],
    ['/demo/image/upload/w_5', { transformation: '', publicId: 'w_5' }],
    ['/demo/image/upload/v5', { version: null, publicId: 'v5' }],
    ['/demo/image/upload/v5/v6', { version: 5, publicId: 'v6' }],
    ['/demo/image/upload/w_5/holiday_2024/x', { transformation: 'w_5', publicId: 'holiday_2024/x' }],
    ['/demo/image/upload/w_5,mine/x', { transformation: '', publicId: 'w_5,mine/x' }],
    ['/demo/image/upload/$size_300/w_$size/x', { transformation: '$size_300/w_$size', publicId: 'x' }],
    ['/demo/image/upload/w_5%2Ch_6/x', { transformation: 'w_5,h_6', signedText: 'w_5%2Ch_6/x' }],
    ['/demo/image/upload/fl_attachment:a%252Eb/x', { transformation: 'fl_attachment:a%2Eb' }],
    ['/demo/image/upload/l_text:Arial_40:Hi%20you/x', { transformation: 'l_text:Arial_40:Hi you' }],
    ['/demo/image/upload/v1/a%2Fb%2fc.jpg', { version: 1, publicId: 'a/b/c', signedText: 'a%2Fb%2fc.jpg' }],
    ['/demo/image/upload/v1%2Fa%2Fb', { version: 1, publicId: 'a/b', signedText: 'a%2Fb' }],
    [
      '//demo//image/upload/w_5//v1//a//b/',
      { transformation: 'w_5', version: 1, publicId: 'a/b', signedText: 'w_5/a/b' },
    ],
    ['/demo/sample.jpg', { publicId: 'sample', extension: 'jpg' }],
    ['/demo/w_5/v1/a/b', { transformation: 'w_5', version: 1, publicId: 'a/b' }],
    ['/demo/iu/w_5/sample', { transformation: 'w_5', publicId: 'sample' }],
    ['/demo/images/sample/my-name.jpg', { publicId: 'sample', extension: 'jpg', signedText: 'sample.jpg' }],
    [
      '/demo/private_images/w_5/v1/a/b/my-name',
      { type: 'private', transformation: 'w_5', version: 1, publicId: 'a/b', signedText: 'w_5/a/b' },
    ],
    ['/demo/authenticated_images/a/n.png', { type: 'authenticated', publicId: 'a', extension: 'png' }],
    ['/demo/videos/a/n.mp4', { resourceType: 'video', publicId: 'a', extension: 'mp4' }],
    ['/demo/files/doc.pdf/my-name', { resourceType: 'raw', publicId: 'doc.pdf', signedText: 'doc.pdf' }],
  ] as [string, object][])('%s', (path, address) => {
    expect(parseDeliveryPath(path)).toMatchObject({ ...plain, ...address });
  });

  it.each([
    ['', 404, 'Not found'],
    ['/', 404, 'Not found'],
    ['/demo', 404, 'Not found'],
    ['/demo/image', 404, 'Not found'],
    ['/demo/image/upload', 404, 'Not found'],
    ['/demo/images/only-a-suffix.jpg', 404, 'Not found'],
    ['/res/image/upload/x', 404, 'Not found'],
    ['/v1_1/demo/image/upload', 404, 'Not found'],
    ['/v2/demo/x', 404, 'Not found'],
    ['/de.mo/image/upload/x', 404, 'Not found'],
    [`/demo/${'a/'.repeat(20_000)}`, 404, 'Not found'],
    ['/demo/image/fetch/https://example.com/x.jpg', 400, 'Unsupported delivery type fetch'],
    ['/demo/image/list/tag.json', 400, 'Unsupported delivery type list'],
    ['/demo/image/sprite/tag.css', 400, 'Unsupported delivery type sprite'],
    ['/demo/image/constructor/x', 400, 'Unsupported delivery type constructor'],
    ['/demo/image/upload/a%2', 400, 'public_id (a%2) is invalid'],
    ['/demo/image/upload/%ff.jpg', 400, 'public_id (%ff.jpg) is invalid'],
    ['/demo/image/upload/%c0%ae%c0%ae/x', 400, 'public_id (%c0%ae%c0%ae) is invalid'],
    ['/demo/image/upload/w_%zz/x', 400, 'public_id (w_%zz) is invalid'],
    ['/demo/image/upload/..%2f..%2fetc', 400, 'public_id (../../etc) is invalid'],
    ['/demo/image/upload/%2e%2e/x', 400, 'public_id (../x) is invalid'],
    ['/demo/image/upload/a/./x', 400, 'public_id (a/./x) is invalid'],
    ['/demo/image/upload/a%00', 400, 'public_id (a\0) is invalid'],
    ['/demo/image/upload/a%5Cb', 400, 'public_id (a\\b) is invalid'],
    ['/demo/image/upload/a%252F..%252Fb', 400, 'public_id (a%2F..%2Fb) is invalid'],
    ['/demo/image/upload/v1/v2/x', 400, 'public_id (v2/x) is invalid'],
  ])('%.60s -> %i %s', (path, status, message) => {
    try {
      parseDeliveryPath(path);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status, message });
    }
  });

  it('throws nothing but ApiError, in linear time', () => {
    const piece = fc.constantFrom(
      '/',
      '//',
      'demo',
      'image',
      'upload',
      'v1',
      's--aaaaaaaa--',
      'w_1',
      '%2F',
      '%',
      '..',
      'x.jpg',
      'ü',
    );
    const path = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => `/demo/${pieces.join('')}`),
    );
    const read = (text: string) => {
      try {
        expect(isPublicId(parseDeliveryPath(text).id)).toBe(true);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    };
    fc.assert(fc.property(path, read), { numRuns: 2000 });
    const before = performance.now();
    for (const part of ['/', 'w_1/', '%2F', 's--', 'v1/', 'w_1,', '%']) {
      read(`/demo/image/upload/${part.repeat(16_000 / part.length)}`);
    }
    expect(performance.now() - before).toBeLessThan(250);
  });
});

describe('buildDeliveryUrl', () => {
  const base = 'http://127.0.0.1:8420';

  it.each([
    [{ publicId: 'sample', format: 'jpg' }, 'sample.jpg'],
    [{ publicId: 'folder/sample', version: 12 }, 'v12/folder/sample'],
    [{ publicId: 'folder/sample' }, 'v1/folder/sample'],
    [{ publicId: 'a b/ü c', format: 'png' }, 'v1/a%20b/%C3%BC%20c.png'],
    [{ publicId: "it's (1)!*", version: 3 }, 'v3/it%27s%20%281%29%21%2A'],
    [
      { publicId: 'x', transformation: 'c_pad,w_5/e_sepia:50', signature: 'abcdefgh' },
      's--abcdefgh--/c_pad,w_5/e_sepia:50/x',
    ],
    [{ publicId: 'x', transformation: 'fl_attachment:a b%2Ec' }, 'fl_attachment:a%20b%252Ec/x'],
  ])('%j', (parts, tail) => {
    expect(buildDeliveryUrl({ base, cloud: 'demo', resourceType: 'image', type: 'upload', ...parts })).toBe(
      `${base}/demo/image/upload/${tail}`,
    );
  });

  it('agrees with the official SDK', () => {
    const publicIds = ['sample', 'folder/sample', 'a b/ü c', 'x:y', 'dots.in.name', '日本語/é'];
    for (const publicId of publicIds) {
      for (const raw of ['', 'c_pad,h_300,w_400', 'w_400/e_sepia:50', 'fl_attachment:my name']) {
        for (const version of [1, 1_719_320_289]) {
          const theirs = sdk.url(publicId, {
            cloud_name: 'demo',
            secure: true,
            urlAnalytics: false,
            version,
            format: 'jpg',
            raw_transformation: raw,
          });
          const ours = {
            base: 'https://res.cloudinary.com',
            cloud: 'demo',
            resourceType: 'image',
            type: 'upload',
          };
          expect(buildDeliveryUrl({ ...ours, publicId, format: 'jpg', version, transformation: raw })).toBe(
            theirs,
          );
          expect(parseDeliveryPath(new URL(theirs).pathname)).toMatchObject({
            publicId,
            transformation: raw,
            version,
          });
        }
      }
    }
  });

  it('is read back as it was', () => {
    const id = fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
        fc
          .array(fc.constantFrom('a', 'my_dir', 'w_5', 'v1x', 's--aaaaaaaa--', '.x', 'ü %'.slice(0, 2)), {
            minLength: 1,
            maxLength: 4,
          })
          .map((parts) => parts.join('/')),
      )
      .map((text) => text.normalize('NFC'))
      .filter(isPublicId);
    const parts = fc.record({
      publicId: id,
      resourceType: fc.constantFrom('image', 'video', 'raw'),
      type: fc.constantFrom('upload', 'private', 'authenticated'),
      transformation: fc.constantFrom(
        '',
        'w_5',
        'c_fill,w_0.5/e_contrast:level_5;type_linear',
        'fl_attachment:a b!%2E',
      ),
      signature: fc.constantFrom(null, 'Ai4Znfl3', '--SjmNDA'),
      version: fc.constantFrom(1, 1_719_320_289),
      format: fc.constantFrom(null, 'jpg', 'webp'),
    });
    fc.assert(
      fc.property(parts, (given) => {
        const { publicId, format, ...rest } = given;
        const path = buildDeliveryUrl({ base: '', cloud: 'demo', ...given });
        const literal = format === null ? publicId : `${publicId}.${format}`;
        const address = parseDeliveryPath(path);
        expect(address).toMatchObject({ ...rest, id: literal, signedText: deliverySignedText(given) });
        if (format !== null && rest.resourceType !== 'raw') {
          expect(address).toMatchObject({ publicId, extension: format });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
