/** One regression test for each hole of the wire protocol that this folder closes (threat model, section 2). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations } from '../params.js';
import { signNotification, verifyNotification } from './notification-signature.js';
import { apiSignRequest } from './sign-request.js';
import { canonicalParams, stringToSign } from './string-to-sign.js';
import { findUnsignableParameter, isParameterName } from './unsignable.js';
import { verifyRequestSignature } from './verify-request.js';

const secret = 'abcd';

describe('S1: parameter smuggling', () => {
  const one = { public_id: 'cat&tags=evil' };
  const two = { public_id: 'cat', tags: 'evil' };

  test('v1 gives both requests one string, v2 does not', () => {
    expect(stringToSign(one, 1)).toBe(stringToSign(two, 1));
    expect(stringToSign(one, 2)).not.toBe(stringToSign(two, 2));
  });

  test('a signature of the one is refused for the other', () => {
    const signature = apiSignRequest(one, secret);
    expect(verifyRequestSignature({ params: two, signature, secret }).outcome).toBe('invalid');
  });

  test('no two different accepted sets of parameters have one string', () => {
    // Few letters and many separators, so that collisions would be found if there were any.
    const name = fc.stringMatching(/^[a-b]{1,2}$/);
    const value = fc.stringMatching(/^[ab=&%26,]{1,6}$/);
    const accepted = fc
      .dictionary(name, value, { minKeys: 1, maxKeys: 3 })
      .filter((params) => findUnsignableParameter(params) === null);
    fc.assert(
      fc.property(accepted, accepted, (left, right) => {
        const isSame = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
        expect(stringToSign(left) === stringToSign(right)).toBe(isSame);
      }),
      { numRuns: 2000 },
    );
  });

  test('an accepted set can be read back from its string', () => {
    const value = fc.string({
      minLength: 1,
      unit: fc.constantFrom('a', 'b', '=', '&', '%', '2', '6', ' ', 'é'),
    });
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,4}$/);
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (params) => {
        fc.pre(findUnsignableParameter(params) === null);
        const pairs = stringToSign(params).split('&').filter(Boolean);
        const read = pairs.map((pair) => {
          const at = pair.indexOf('=');
          return [pair.slice(0, at), pair.slice(at + 1).replaceAll('%26', '&')];
        });
        expect(Object.fromEntries(read)).toEqual({ ...params });
      }),
    );
  });
});

test('S2: a value with the literal %26 signs like one with &, and is refused', () => {
  expect(stringToSign({ tags: 'a&b' })).toBe(stringToSign({ tags: 'a%26b' }));
  expect(findUnsignableParameter({ tags: 'a&b' })).toBeNull();
  expect(findUnsignableParameter({ tags: 'a%26b' })).toEqual({ name: 'tags', code: 'encoded-ampersand' });
  expect(findUnsignableParameter({ tags: ['a', 'b%26'] })).toEqual({
    name: 'tags',
    code: 'encoded-ampersand',
  });
});

describe('S3: names', () => {
  test('a separator in a name signs like one in a value, and is refused', () => {
    const forged = { 'a=b': 'c' };
    expect(stringToSign({ a: 'b=c' })).toBe(stringToSign(forged));
    expect(findUnsignableParameter(forged)).toEqual({ name: 'a=b', code: 'illegal-parameter-name' });
  });

  test.each([
    '',
    'a=b',
    'a&b',
    '{"a":"b',
    'a b',
    'A',
    '1a',
    '_a',
    'a\n',
    'é',
    'a-b',
    'tags[]',
    `a${'b'.repeat(64)}`,
  ])('refused: %j', (name) => expect(isParameterName(name)).toBe(false));

  test('every name of the parameter tables is legal', () => {
    const names = Object.values(operations).flatMap((operation) => Object.keys(operation.params));
    expect(names.filter((name) => !isParameterName(name))).toEqual([]);
    expect(isParameterName(`a${'b'.repeat(63)}`)).toBe(true);
  });
});

test('S4: what is verified is what is acted on', () => {
  expect(stringToSign({ tags: ['a', 'b'] })).toBe(stringToSign({ tags: 'a,b' }));
  const canonical = canonicalParams({ tags: ['a', 'b'], timestamp: 1, overwrite: true });
  expect({ ...canonical }).toEqual({ tags: 'a,b', timestamp: '1', overwrite: 'true' });
  const anything = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.string()),
    fc.constant(null),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), anything), (params) => {
      expect(stringToSign(canonicalParams(params))).toBe(stringToSign(params));
    }),
  );
});

test('S5: empty parameters are gone before anything else sees them', () => {
  const signature = apiSignRequest({ public_id: 'x' }, secret);
  const params = { public_id: 'x', tags: '', context: null, eager: [], folder: undefined };
  expect(verifyRequestSignature({ params, signature, secret }).outcome).toBe('valid');
  expect({ ...canonicalParams(params) }).toEqual({ public_id: 'x' });
});

test('T35: canonical parameters have no prototype to pollute', () => {
  const canonical = canonicalParams(JSON.parse('{"__proto__":"x","constructor":"y"}'));
  expect(Object.getPrototypeOf(canonical)).toBeNull();
  expect(Object.keys(canonical)).toEqual(['__proto__', 'constructor']);
});

describe('S8: notifications', () => {
  const timestamp = 1_700_000_000;
  const message = { timestamp, nowSeconds: timestamp, secret };

  test('digits moved across the boundary are refused', () => {
    const body = '{"a":1}';
    const signature = signNotification(body, timestamp, secret);
    expect(signNotification('{"a":1}17', '00000000', secret)).toBe(signature);
    const moved = { body: '{"a":1}17', timestamp: '00000000', nowSeconds: 0, secret, signature };
    expect(verifyNotification(moved)).toEqual({ outcome: 'invalid' });
    expect(verifyNotification({ ...message, body, signature }).outcome).toBe('valid');
  });

  test.each(['1', '"text"', 'null', 'true', '', 'public_id=x', '{"a":1}1'])(
    'a body that is no object: %j',
    (body) => {
      const signature = signNotification(body, timestamp, secret);
      expect(verifyNotification({ ...message, body, signature })).toEqual({ outcome: 'invalid' });
    },
  );

  test('a notification signature does not pass as a request signature', () => {
    const body = '{"x":"&public_id=victim&timestamp="}';
    const signature = signNotification(body, timestamp, secret);
    const [name = '', ...rest] = `${body}${timestamp}`.split('=');
    const forged = { [name]: rest.join('=') };
    expect(verifyRequestSignature({ params: forged, signature, secret, versions: [2, 1] }).outcome).toBe(
      'valid',
    );
    expect(findUnsignableParameter(forged)?.code).toBe('illegal-parameter-name');
  });
});

describe('S9: what a collision would need is refused', () => {
  test.each(['\u0000', '\t', '\r', '\u001b', '\u007f', '\u0085', '\ud800'])('%j in a value', (character) => {
    for (const name of ['public_id', 'context']) {
      const found = findUnsignableParameter({ [name]: `a${character}b` });
      expect(found).toEqual({ name, code: 'illegal-characters' });
    }
  });

  test('a line feed in context, metadata and headers only', () => {
    expect(findUnsignableParameter({ context: 'a=1\n2', metadata: 'b=\n', headers: 'Link: x\n' })).toBeNull();
    expect(findUnsignableParameter({ tags: 'a\nb' })).toEqual({ name: 'tags', code: 'illegal-characters' });
    expect(findUnsignableParameter({ context: 'a\n\r' })?.code).toBe('illegal-characters');
  });

  test('names that are never signed may hold anything', () => {
    expect(findUnsignableParameter({ file: 'data:image/gif;base64,R0lG\r\nOD%26==' })).toBeNull();
  });

  test('text of any script passes', () => {
    expect(findUnsignableParameter({ public_id: 'фото/猫 кот 🐈‍⬛', context: 'alt=Tom & Jerry' })).toBeNull();
  });
});

describe('S15: byte order and locale order agree', () => {
  /** Every request parameter of upload-api reference, sections 3.3 and 6. */
  const officialNames = `
    public_id public_id_prefix asset_folder folder use_asset_folder_as_public_id_prefix display_name use_filename
    unique_filename use_filename_as_display_name unique_display_name filename_override discard_original_filename type
    overwrite access_control access_mode tags context metadata clear_invalid face_coordinates custom_coordinates regions
    auto_tagging transformation format allowed_formats eager eager_async eager_notification_url responsive_breakpoints
    async backup invalidate headers raw_convert ocr detection categorization background_removal similarity_search
    visual_search auto_transcription auto_chaptering auto_video_details moderation quality_override colors faces
    image_metadata media_metadata exif phash quality_analysis accessibility_analysis cinemagraph_analysis upload_preset
    notification_url return_delete_token callback eval on_success proxy source batch_id manifest_json
    manifest_transformation template template_vars timestamp api_key signature file cloud_name resource_type
    from_public_id to_public_id to_type asset_id command tag public_ids text font_family font_size font_color font_weight
    font_style text_align background opacity text_decoration line_spacing font_hinting font_antialiasing urls mode
    prefixes fully_qualified_public_ids asset_folders search_expression target_format target_public_id target_filename
    target_asset_folder target_tags flatten_folders flatten_transformations skip_transformation_name transformations
    use_original_filename keep_derived allow_missing expires_at token attachment version_id`
    .trim()
    .split(/\s+/);

  test('over every official name and every name of our tables', () => {
    const ours = Object.values(operations).flatMap((operation) => Object.keys(operation.params));
    const names = [...new Set([...officialNames, ...ours])];
    const byLocale = [...names].sort((left, right) => left.localeCompare(right));
    expect(byLocale).toEqual([...names].sort());
    expect(stringToSign(Object.fromEntries(byLocale.reverse().map((name) => [name, 'x'])))).toBe(
      [...names]
        .sort()
        .map((name) => `${name}=x`)
        .join('&'),
    );
  });

  test('digits beside underscores are where they part, so no such name may come', () => {
    expect('b_1'.localeCompare('b1')).toBe(-1);
    expect('b1' < 'b_1').toBe(true);
  });
});

function sorted(params: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(params).sort(([left], [right]) => (left < right ? -1 : 1));
}
