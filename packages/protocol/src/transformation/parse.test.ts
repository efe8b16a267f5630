import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../errors.js';
import { effectSupport } from './effects.js';
import { flagSupport } from './flags.js';
import { MAX_COMPONENTS, MAX_PARAMETERS, MAX_TRANSFORMATION_LENGTH, parseTransformation } from './parse.js';
import { printTransformation } from './print.js';
import { vocabulary } from './vocabulary.js';

const messageOf = (text: string): string => {
  try {
    parseTransformation(text);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error;
    return error.message;
  }
};

const invalid = (param: string, value: string) => `Invalid ${param} in transformation: ${value}`;
const unsupported = (param: string, value: string) => `Unsupported ${param} in transformation: ${value}`;

describe('parseTransformation refuses', () => {
  it.each([
    ['w_abc', invalid('width', 'abc')],
    ['w_', invalid('width', '')],
    ['w_0', invalid('width', '0')],
    ['w_0.0', invalid('width', '0.0')],
    ['w_-5', invalid('width', '-5')],
    ['w_1e3', invalid('width', '1e3')],
    ['w_.5', invalid('width', '.5')],
    ['w_1.2.3', invalid('width', '1.2.3')],
    ['w_auto', unsupported('width', 'auto')],
    ['w_auto:100:300', unsupported('width', 'auto:100:300')],
    ['h_$size', unsupported('expression', '$size')],
    ['h_w', unsupported('expression', 'w')],
    ['h_0', invalid('height', '0')],
    ['c_stretch', invalid('crop', 'stretch')],
    ['c_fill_pad', unsupported('crop', 'fill_pad')],
    ['c_auto_pad', unsupported('crop', 'auto_pad')],
    ['c_imagga_scale', unsupported('crop', 'imagga_scale')],
    ['ar_0:3', invalid('aspect ratio', '0:3')],
    ['ar_3:0', invalid('aspect ratio', '3:0')],
    ['ar_1:2:3', invalid('aspect ratio', '1:2:3')],
    ['ar_iar', unsupported('expression', 'iar')],
    ['g_middle', invalid('gravity', 'middle')],
    ['g_adv_face', unsupported('gravity', 'adv_face')],
    ['g_auto:face', unsupported('gravity', 'auto:face')],
    ['g_region_!sky!', unsupported('gravity', 'region_!sky!')],
    ['x_left', invalid('x', 'left')],
    ['z_0', invalid('zoom', '0')],
    ['q_0', invalid('quality', '0')],
    ['q_101', invalid('quality', '101')],
    ['q_80:411', invalid('quality', '411')],
    ['q_auto:ultra', invalid('quality', 'ultra')],
    ['q_auto:best:eco', invalid('quality', 'auto:best:eco')],
    ['q_jpegmini', unsupported('quality', 'jpegmini')],
    ['f_jpgsz280', 'Invalid extension in transformation: jpgsz280'],
    ['f_auto:animated', unsupported('format', 'auto:animated')],
    ['a_45', unsupported('angle', '45')],
    ['a_auto_left', unsupported('angle', 'auto_left')],
    ['a_hflip.sideways', invalid('angle', 'sideways')],
    ['r_-1', invalid('radius', '-1')],
    ['r_1:2:3:4:5', invalid('radius', '1:2:3:4:5')],
    ['b_auto:border', unsupported('background', 'auto')],
    ['b_gen_fill', unsupported('background', 'gen_fill')],
    ['b_nocolor', invalid('background', 'nocolor')],
    ['b_rgb:12345', invalid('background', 'rgb:12345')],
    ['b_constructor', invalid('background', 'constructor')],
    ['bo_5px_dashed_red', invalid('border', '5px_dashed_red')],
    ['bo_5_solid_red', invalid('border', '5_solid_red')],
    ['bo_5px_solid_red_x', invalid('border', '5px_solid_red_x')],
    ['bo_$w_solid_red', unsupported('expression', '$w_solid_red')],
    ['o_101', invalid('opacity', '101')],
    ['e_sepia:200', invalid('effect', 'sepia:200')],
    ['e_sepia:$n', unsupported('expression', '$n')],
    ['e_grayscale:5', invalid('effect', 'grayscale:5')],
    ['e_nosuch', invalid('effect', 'nosuch')],
    ['e_constructor', invalid('effect', 'constructor')],
    ['e_gen_fill', unsupported('effect', 'gen_fill')],
    ['e_art:zorro', unsupported('effect', 'art')],
    ['e_contrast:level_10;type_cubic', invalid('effect', 'contrast:level_10;type_cubic')],
    ['fl_nosuch', invalid('flag', 'nosuch')],
    ['fl_layer_apply', unsupported('flag', 'layer_apply')],
    ['fl_progressive:fast', invalid('flag', 'progressive:fast')],
    ['fl_attachment:a;b', invalid('flag', 'attachment:a;b')],
    ['dpr_0', invalid('dpr', '0')],
    ['dpr_11', invalid('dpr', '11')],
    ['t_', invalid('named transformation', '')],
    ['l_logo', unsupported('layer', 'logo')],
    ['if_w_gt_5,c_scale,w_10', unsupported('condition', 'w_gt_5')],
    ['$w_200', unsupported('variable', 'w_200')],
    ['pg_2', unsupported('page', '2')],
    [`w_${'x'.repeat(300)}`, invalid('width', `${'x'.repeat(100)}...`)],
  ])('%s', (text, message) => expect(messageOf(text)).toBe(message));

  it.each([
    ['an unknown key', 'zz_1'],
    ['an object property as key', 'toS_1'],
    ['no key', 'hello'],
    ['an empty parameter', 'w_100,,h_100'],
    ['a space', 'w_100, h_100'],
    ['a key given twice', 'w_100,w_200'],
    ['a text that is too long', `w_1${'/w_1'.repeat(MAX_TRANSFORMATION_LENGTH / 4)}`],
    [
      'too many components',
      Array(MAX_COMPONENTS + 1)
        .fill('w_1')
        .join('/'),
    ],
    [
      'too many parameters',
      Array(MAX_PARAMETERS + 1)
        .fill('e_sepia')
        .join(','),
    ],
  ])('%s', (_, text) => expect(messageOf(text)).toBe('Invalid Transformation'));
});

describe('parseTransformation reads', () => {
  it.each([
    ['', []],
    ['w_100', [{ width: { kind: 'pixels', value: 100 } }]],
    [
      'w_1.0/h_ih',
      [{ width: { kind: 'share', value: 1 } }, { height: { kind: 'original', side: 'height' } }],
    ],
    ['w_1//h_2/', [{ width: { kind: 'pixels', value: 1 } }, { height: { kind: 'pixels', value: 2 } }]],
    ['x_-5,y_0.5', [{ x: { kind: 'pixels', value: -5 }, y: { kind: 'share', value: 0.5 } }]],
    ['ar_16:9', [{ aspectRatio: 16 / 9 }]],
    ['q_80:420', [{ quality: { kind: 'number', value: 80, chroma: '4:2:0' } }]],
    ['q_auto:sensitive', [{ quality: { kind: 'auto', level: 'good', sensitive: true } }]],
    ['f_jpeg', [{ format: 'jpg' }]],
    ['a_hflip.-90.450', [{ turns: ['hflip', 270, 90] }]],
    ['r_10:20', [{ radii: [10, 20, 10, 20] }]],
    ['r_10:20:max', [{ radii: [10, 20, 'max', 20] }]],
    ['b_rgb:0f08', [{ background: { r: 0, g: 255, b: 0, alpha: 136 / 255 } }]],
    ['b_transparent', [{ background: 'none' }]],
    ['bo_5px_solid_lightblue', [{ border: { width: 5, color: { r: 173, g: 216, b: 230, alpha: 1 } } }]],
    ['e_sepia,e_blur:300', [{ effect: { name: 'blur', amount: 300 } }]],
    ['e_contrast:50', [{ effect: { name: 'contrast', amount: 50, curve: 'sigmoidal' } }]],
    ['e_contrast:level_-70;type_linear', [{ effect: { name: 'contrast', amount: 30, curve: 'linear' } }]],
    ['t_one.two', [{ named: ['one', 'two'] }]],
    [
      'fl_attachment:my file%2Etxt.progressive,fl_sanitize',
      [
        {
          flags: [
            { name: 'attachment', argument: 'my file%2Etxt' },
            { name: 'progressive', argument: null },
            { name: 'sanitize', argument: null },
          ],
        },
      ],
    ],
  ])('%s', (text, settings) => {
    expect(parseTransformation(text).components.map((component) => component.settings)).toEqual(settings);
  });

  it('knows every parameter, effect and flag of the reference once', () => {
    const laterKeys = [...vocabulary].filter(([, { support }]) => support === 'later').map(([key]) => key);
    for (const key of laterKeys) expect(messageOf(`${key === '$' ? '$x' : key}_1`)).toMatch(/^Unsupported /);
    expect(vocabulary.size).toBe(44);
    expect(effectSupport.size).toBe(10 + 76);
    expect(flagSupport.size).toBe(4 + 43);
  });
});

/** Texts in the neighbourhood of the language: keys with values that are right, wrong, or of another key. */
const values =
  '100 0.5 iw fill crop thumb north_east auto face:auto 16:9 80:444 jpg 90.hflip 10:max red rgb:abc 5px_solid_red sepia:50 ' +
  'contrast:level_5;type_linear attachment:a.progressive name $x !a! 1e9 -3 %2E ü';
const parameter = fc
  .tuple(fc.constantFrom(...vocabulary.keys()), fc.constantFrom(...values.split(' ')))
  .map(([key, value]) => (key === '$' ? `$${value}` : `${key}_${value}`));
const language = fc
  .array(fc.array(parameter, { minLength: 1, maxLength: 4 }), { maxLength: 4 })
  .map((components) => components.map((parts) => parts.join(',')).join('/'));

describe('properties', () => {
  it('throws nothing but ApiError 400', () => {
    fc.assert(
      fc.property(fc.oneof(language, fc.string({ unit: 'binary' })), (text) => void messageOf(text)),
      {
        numRuns: 2000,
      },
    );
  });

  it('prints one canonical text', () => {
    fc.assert(
      fc.property(language, (text) => {
        if (messageOf(text) !== 'accepted') return;
        const printed = printTransformation(parseTransformation(text));
        const again = parseTransformation(printed);
        expect(printTransformation(again)).toBe(printed);
        expect(again.components.map(({ settings }) => settings)).toEqual(
          parseTransformation(text).components.map(({ settings }) => settings),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('answers 100 kB of hostile text within 50 ms (threat model T28)', () => {
    const hostile = [
      'w_1,',
      'w_1/',
      '$',
      '_',
      'a_90.',
      'e_sepia:',
      'fl_a:',
      'if_',
      '%',
      ',',
      '/',
      '9',
      ':',
      'l_x:',
    ];
    for (const piece of hostile) {
      const text = piece.repeat(100_000 / piece.length);
      for (const part of [text, text.slice(0, MAX_TRANSFORMATION_LENGTH)]) {
        const before = performance.now();
        messageOf(part);
        expect(performance.now() - before).toBeLessThan(50);
      }
    }
  });
});

describe('printTransformation', () => {
  it.each([
    ['w_400,h_300,c_pad', 'c_pad,h_300,w_400'],
    ['w_260,h_200,c_crop/f_auto/q_auto', 'c_crop,h_200,w_260/f_auto/q_auto'],
    ['fl_progressive,c_fill,fl_attachment:a,w_5', 'c_fill,fl_progressive,fl_attachment:a,w_5'],
    ['w_0.50,ar_16:9', 'ar_16:9,w_0.50'],
    ['/w_1//h_1/', 'w_1/h_1'],
  ])('%s -> %s', (text, printed) => expect(printTransformation(parseTransformation(text))).toBe(printed));

  it('puts conditions first and variables next', () => {
    const parameters = ['w', '$', 'if', 'c'].map((key) => ({ key, value: `${key === '$' ? 'x_' : ''}1` }));
    expect(printTransformation({ components: [{ parameters, settings: {} }] })).toBe('if_1,$x_1,c_1,w_1');
  });
});
