import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../errors.js';
import { MAX_RESULT_PIXELS, MAX_RESULT_SIDE } from './canvas.js';
import { parseTransformation } from './parse.js';
import { autoDpr, planRender } from './plan.js';
import { plan, sourceFacts } from './plan.test-support.js';
import type { Rectangle, SourceFacts, Step } from './types.js';

const resize = (width: number, height: number) => ({ op: 'resize', width, height });
const extract = (left: number, top: number, width: number, height: number) => ({
  op: 'extract',
  left,
  top,
  width,
  height,
});
const extend = (top: number, right: number, bottom: number, left: number, background: unknown = null) => ({
  op: 'extend',
  top,
  right,
  bottom,
  left,
  background,
});
const red = { r: 255, g: 0, b: 0, alpha: 1 };
const white = { r: 255, g: 255, b: 255, alpha: 1 };
const box = (left: number, top: number, width: number, height: number): Rectangle => ({
  left,
  top,
  width,
  height,
});

describe('modes as steps (source 1000 x 500)', () => {
  it.each([
    ['', []],
    ['w_1000', []],
    ['c_limit,w_2000', []],
    ['c_pad', []],
    ['w_200,h_300', [resize(200, 300)]],
    ['c_limit,w_200', [resize(200, 100)]],
    ['c_pad,w_200,h_200', [resize(200, 100), extend(50, 0, 50, 0)]],
    ['c_pad,w_200,h_200,b_white', [resize(200, 100), extend(50, 0, 50, 0, white)]],
    ['c_pad,w_200,h_201,g_north', [resize(200, 100), extend(0, 0, 101, 0)]],
    ['c_pad,w_200,h_201,g_south,y_10', [resize(200, 100), extend(91, 0, 10, 0)]],
    ['c_pad,w_200,h_201', [resize(200, 100), extend(50, 0, 51, 0)]],
    ['c_pad,w_200,h_200,g_face', [resize(200, 100), extend(50, 0, 50, 0)]],
    ['c_lpad,w_1200,h_700,g_south_east,x_20,y_30', [extend(170, 20, 30, 180)]],
    ['c_mpad,w_1200,h_100', [extend(0, 100, 0, 100)]],
    ['c_mpad,w_1200,h_700,g_north_west,x_2000', [extend(0, 0, 200, 200)]],
    ['c_fill,w_100,h_100', [resize(200, 100), extract(50, 0, 100, 100)]],
    ['c_fill,w_101,h_100', [resize(200, 100), extract(49, 0, 101, 100)]],
    ['c_fill,w_100', [resize(100, 50)]],
    ['c_fill,w_333', [resize(333, 167)]],
    ['c_fill,w_100,h_100,g_west', [resize(200, 100), extract(0, 0, 100, 100)]],
    ['c_fill,w_100,h_100,g_east', [resize(200, 100), extract(100, 0, 100, 100)]],
    ['c_fill,w_100,h_100,g_auto', [{ op: 'cover-salient', width: 100, height: 100 }]],
    ['c_fill,w_100,h_50,g_auto', [resize(100, 50)]],
    ['c_auto,w_100,h_100,g_auto', [{ op: 'cover-salient', width: 100, height: 100 }]],
    ['c_lfill,w_600,h_800,g_auto', [{ op: 'extract-salient', width: 600, height: 500 }]],
    ['c_thumb,w_100,h_100,g_auto', [{ op: 'cover-salient', width: 100, height: 100 }]],
    ['c_lfill,w_2000,h_2000', []],
    ['c_lfill,w_600,h_800', [extract(200, 0, 600, 500)]],
    ['c_crop,w_100,h_100', [extract(450, 200, 100, 100)]],
    ['c_crop,w_100,h_100,x_10', [extract(10, 0, 100, 100)]],
    ['c_crop,w_100,h_100,x_10,g_center', [extract(460, 200, 100, 100)]],
    ['c_crop,w_100,h_100,g_auto', [{ op: 'extract-salient', width: 100, height: 100 }]],
    ['c_crop,w_100,h_100,x_300,y_200,g_xy_center', [extract(250, 150, 100, 100)]],
    ['c_crop,w_100,h_100,x_0.3,y_0.4,g_xy_center', [extract(250, 150, 100, 100)]],
    ['c_crop,w_100,h_100,x_5,y_5,g_xy_center', [extract(0, 0, 100, 100)]],
    ['c_fill,w_100,h_100,x_900,g_xy_center', [resize(200, 100), extract(100, 0, 100, 100)]],
    ['c_fill,w_100,h_100,x_300,g_xy_center', [resize(200, 100), extract(10, 0, 100, 100)]],
    ['c_thumb,w_100,h_100,g_north', [resize(200, 100), extract(50, 0, 100, 100)]],
    ['c_crop,ar_1', [extract(250, 0, 500, 500)]],
    ['w_100/w_iw', [resize(100, 50), resize(1000, 500)]],
    ['w_100,h_ih', [resize(100, 500)]],
    ['c_scale,w_100,fl_ignore_aspect_ratio', [resize(100, 500)]],
    ['w_100/dpr_2', [resize(200, 100)]],
    ['c_crop,w_100,h_100,x_10/dpr_2', [extract(20, 0, 200, 200)]],
    ['c_fill,w_0.5,ar_1:1', [extract(250, 0, 500, 500)]],
  ] as [string, unknown[]][])('%s', (text, steps) => expect(plan(text).steps).toEqual(steps));

  it('cuts before it enlarges when the enlarged picture would pass the caps', () => {
    const { steps, size } = plan('c_fill,w_3000,h_3000', { width: 4000, height: 100 });
    expect(steps).toEqual([extract(1950, 0, 100, 100), resize(3000, 3000)]);
    expect(size).toEqual({ width: 3000, height: 3000 });
  });
});

describe('crop offsets by gravity: 100 x 100 out of 1000 x 500, x_10, y_20', () => {
  it.each([
    ['north_west', 10, 20],
    ['north', 460, 20],
    ['north_east', 890, 20],
    ['west', 10, 220],
    ['center', 460, 220],
    ['east', 890, 220],
    ['south_west', 10, 380],
    ['south', 460, 380],
    ['south_east', 890, 380],
  ])('%s', (gravity, left, top) => {
    expect(plan(`c_crop,w_100,h_100,g_${gravity},x_10,y_20`).steps).toEqual([extract(left, top, 100, 100)]);
  });

  it('stays inside', () => {
    expect(plan('c_crop,w_100,h_100,g_south_east,x_-50,y_9999').steps).toEqual([extract(900, 0, 100, 100)]);
  });
});

describe('stored rectangles', () => {
  const faces = [box(100, 100, 50, 50), box(600, 300, 100, 100)];
  const custom = [box(0, 0, 200, 100)];

  it.each([
    ['c_crop,w_100,h_100,g_face', { faces }, [extract(600, 300, 100, 100)]],
    ['c_crop,w_100,h_100,g_faces', { faces }, [extract(350, 200, 100, 100)]],
    ['c_crop,w_100,h_100,g_face', {}, [extract(450, 0, 100, 100)]],
    ['c_crop,w_100,h_100,g_face:center', {}, [extract(450, 200, 100, 100)]],
    ['c_crop,w_100,h_100,g_face:auto', {}, [{ op: 'extract-salient', width: 100, height: 100 }]],
    ['c_crop,w_100,h_100,g_custom', { custom }, [extract(50, 0, 100, 100)]],
    ['c_crop,w_100,h_100,g_custom', { faces }, [extract(450, 200, 100, 100)]],
    ['c_crop,w_100,h_100,g_custom:face', { faces }, [extract(600, 300, 100, 100)]],
    ['c_crop,w_100,h_100,g_auto', { custom }, [extract(50, 0, 100, 100)]],
    ['c_crop,w_100,h_100,g_auto:none', { custom }, [{ op: 'extract-salient', width: 100, height: 100 }]],
    ['c_crop,g_face', { faces }, [extract(600, 300, 100, 100)]],
    ['c_crop,g_face', {}, []],
    ['c_fill,w_100,h_100,g_face', { faces }, [resize(200, 100), extract(80, 0, 100, 100)]],
    ['c_thumb,w_50,h_50,g_face', { faces }, [extract(600, 300, 100, 100), resize(50, 50)]],
    ['c_thumb,w_50,h_50,g_face,z_0.5', { faces }, [extract(550, 250, 200, 200), resize(50, 50)]],
    ['c_thumb,w_50,h_50,g_face,z_2', { faces }, [extract(625, 325, 50, 50)]],
    ['c_thumb,w_100,h_50,g_face', { faces }, [extract(550, 300, 200, 100), resize(100, 50)]],
    ['c_thumb,w_50,h_50,g_face,z_0.1', { faces }, [extract(400, 0, 500, 500), resize(50, 50)]],
    ['c_thumb,w_50,h_50,g_face', {}, [resize(100, 50), extract(25, 0, 50, 50)]],
    // They follow the picture through a chain.
    ['w_500/c_crop,g_face', { faces }, [resize(500, 250), extract(300, 150, 50, 50)]],
    ['a_90/c_crop,g_face', { faces }, [{ op: 'rotate', degrees: 90 }, extract(100, 600, 100, 100)]],
    ['a_hflip/c_crop,g_face', { faces }, [{ op: 'mirror', axis: 'horizontal' }, extract(300, 300, 100, 100)]],
    [
      'c_crop,w_500,h_500,g_west/c_crop,g_face',
      { faces },
      [extract(0, 0, 500, 500), extract(100, 100, 50, 50)],
    ],
    [
      'bo_10px_solid_red/c_crop,g_face',
      { faces },
      [{ op: 'border', width: 10, color: red, radii: null }, extract(610, 310, 100, 100)],
    ],
  ] as [string, Partial<SourceFacts>, unknown[]][])('%s %j', (text, facts, steps) => {
    expect(plan(text, facts).steps).toEqual(steps);
  });

  it('has compass and custom only for animations', () => {
    const animated = { format: 'gif', pages: 4, faces, custom };
    expect(plan('c_crop,w_100,h_100,g_face', animated).steps).toEqual([extract(450, 200, 100, 100)]);
    expect(plan('c_crop,w_100,h_100,g_auto:none', animated).steps).toEqual([extract(450, 200, 100, 100)]);
    expect(plan('c_crop,w_100,h_100,g_custom', animated).steps).toEqual([extract(50, 0, 100, 100)]);
  });
});

describe('orientation', () => {
  it('plans on the upright picture', () => {
    expect(plan('w_100', { width: 3024, height: 4032, orientation: 6 })).toMatchObject({
      ignoreOrientation: false,
      size: { width: 100, height: 133 },
    });
  });

  // The same corner mark of a stored 400 x 300 picture, as it lies upright.
  it.each([
    [1, 400, 300, box(0, 0, 40, 30)],
    [2, 400, 300, box(360, 0, 40, 30)],
    [3, 400, 300, box(360, 270, 40, 30)],
    [4, 400, 300, box(0, 270, 40, 30)],
    [5, 300, 400, box(0, 0, 30, 40)],
    [6, 300, 400, box(270, 0, 30, 40)],
    [7, 300, 400, box(270, 360, 30, 40)],
    [8, 300, 400, box(0, 360, 30, 40)],
  ])('a_ignore finds the stored picture of orientation %i', (orientation, width, height, mark) => {
    const result = plan('a_ignore/c_crop,g_face', { width, height, orientation, faces: [mark] });
    expect(result.ignoreOrientation).toBe(true);
    expect(result.steps).toEqual([extract(0, 0, 40, 30)]);
    expect(plan('a_ignore', { width, height, orientation }).size).toEqual({ width: 400, height: 300 });
  });
});

describe('order and trivial steps', () => {
  it('keeps the documented order whatever the text order', () => {
    const { steps, size } = plan('bo_5px_solid_red,b_red,e_sepia,r_10,w_100,a_90,o_50');
    expect(steps).toEqual([
      resize(100, 50),
      { op: 'rotate', degrees: 90 },
      { op: 'effect', effect: { name: 'sepia', amount: 80 } },
      { op: 'opacity', percent: 50 },
      { op: 'background', color: red },
      { op: 'round', radii: [10, 10, 10, 10] },
      { op: 'border', width: 5, color: red, radii: [10, 10, 10, 10] },
    ]);
    expect(size).toEqual({ width: 60, height: 110 });
  });

  it.each([
    ['o_100'],
    ['r_0'],
    ['bo_0px_solid_red'],
    ['a_0.360'],
    ['b_red'],
    ['b_transparent'],
    ['e_contrast'],
    ['e_brightness:0'],
    ['e_pixelate:1'],
    ['co_red'],
    ['g_north'],
  ])('%s changes nothing', (text) => expect(plan(text).steps).toEqual([]));

  it('puts a background under what is transparent', () => {
    const background = { op: 'background', color: red };
    expect(plan('b_red', { hasAlpha: true }).steps).toEqual([background]);
    expect(plan('r_max/b_red').steps.at(-1)).toEqual(background);
    expect(plan('c_pad,w_2000,h_2000/b_red').steps.at(-1)).toEqual(background);
    expect(plan('c_pad,w_2000,h_2000,b_red').steps.at(-1)).toMatchObject({ op: 'extend' });
  });

  it.each([
    ['r_max', [250, 250, 250, 250]],
    ['r_9999', [250, 250, 250, 250]],
    ['r_400:100', [400, 100, 400, 100]],
    ['r_400:0:0:400', [250, 0, 0, 250]],
    ['r_20:max:0:1.5', [20, 250, 0, 2]],
  ])('%s', (text, radii) => expect(plan(text).steps).toEqual([{ op: 'round', radii }]));

  it('sizes the squares of pixelate', () => {
    expect(plan('e_pixelate').steps).toEqual([{ op: 'effect', effect: { name: 'pixelate', amount: 25 } }]);
    expect(plan('e_pixelate:7').steps).toEqual([{ op: 'effect', effect: { name: 'pixelate', amount: 7 } }]);
  });
});

describe('refusals', () => {
  it.each([
    ['c_pad,g_auto,w_10', 'Use auto gravity only with'],
    ['c_scale,g_auto,w_10', 'Use auto gravity only with'],
    ['g_auto,w_10', 'Use auto gravity only with'],
    ['c_thumb,w_10', 'Invalid gravity in transformation: none given, thumb needs one'],
    ['c_auto,w_10', 'Invalid gravity in transformation: none given, auto needs one'],
    ['f_jxl', 'Invalid extension in transformation: jxl'],
    ['f_mp4', 'Invalid extension in transformation: mp4'],
    [`w_${MAX_RESULT_SIDE + 1},h_1`, `the result would have ${MAX_RESULT_SIDE + 1} x 1 pixels`],
    ['w_9000,h_9000', 'Image is too large'],
    ['w_1000.0', 'Image is too large'],
    ['c_fill,w_9000,h_9000,g_auto', 'Image is too large'],
    ['c_pad,w_9000,h_9000', 'Image is too large'],
    ['c_crop,w_99999,h_99999', null],
    ['w_999999999999', 'Image is too large'],
  ])('%s', (text, message) => {
    if (message === null) expect(plan(text).size).toEqual({ width: 1000, height: 500 });
    else expect(() => plan(text)).toThrow(message);
  });

  it('lets a source be larger than the caps, but not grow', () => {
    const large = { width: 20_000, height: 5000 };
    expect(plan('q_50/a_90', large).size).toEqual({ width: 5000, height: 20_000 });
    expect(() => plan('c_pad,w_20000,h_5001', large)).toThrow('Image is too large');
    expect(() => plan('f_webp', large)).toThrow('Image is too large');
  });

  it('counts all frames', () => {
    const animated = { format: 'gif', pages: 100 };
    expect(() => plan('w_2000', animated)).toThrow('Image is too large');
    expect(plan('w_2000,f_png', animated).size.width).toBe(2000);
  });
});

describe('autoDpr', () => {
  it.each([
    [null, 1],
    [0.5, 1],
    [1.2, 2],
    [2, 2],
    [99, 4],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 4],
  ])('%s -> %i', (dpr, ratio) => expect(autoDpr({ dpr })).toBe(ratio));

  it('multiplies like a number', () => {
    const hints = { accept: '', dpr: 1.5, saveData: false };
    expect(plan('w_100,dpr_auto', {}, { hints }).size).toEqual({ width: 200, height: 100 });
    expect(plan('w_100,dpr_auto').size).toEqual({ width: 100, height: 50 });
  });
});

describe('properties', () => {
  const side = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 5000 }));
  const rectangle = fc.record({ left: side, top: side, width: side, height: side });
  const length = fc.oneof(
    side.map(String),
    fc.integer({ min: 1, max: 30 }).map((tenths) => (tenths / 10).toFixed(1)),
  );
  const offset = fc.oneof(
    fc.integer({ min: -6000, max: 6000 }).map(String),
    fc.constantFrom('0.5', '-0.3', '2.0'),
  );
  const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
    fc.option(value, { nil: null }).map((text) => (text === null ? [] : [`${key}_${text}`]));
  const component = fc
    .tuple(
      optional(
        'c',
        fc
          .constantFrom('scale fit limit mfit fill lfill pad lpad mpad crop thumb auto'.split(' '))
          .chain((modes) => fc.constantFrom(...modes)),
      ),
      optional(
        'g',
        fc.constantFrom('north', 'south_east', 'center', 'xy_center', 'face', 'faces', 'custom', 'auto'),
      ),
      optional('w', length),
      optional('h', length),
      optional('ar', fc.constantFrom('1', '16:9', '0.01', '100', '9:16')),
      optional('x', offset),
      optional('y', offset),
      optional('z', fc.constantFrom('0.01', '0.7', '3', '50')),
      optional('a', fc.constantFrom('90', 'hflip.270', 'ignore', 'vflip')),
      optional('r', fc.constantFrom('max', '7', '1:9999:3:4')),
      optional('bo', fc.constantFrom('3px_solid_red')),
      optional('dpr', fc.constantFrom('0.5', '2')),
    )
    .map((parts) => parts.flat())
    .filter((parts) => parts.length > 0)
    .map((parts) => parts.join(','));

  it('keeps every size whole and at least 1, every window inside, every padding at least 0', () => {
    const source = fc.record({
      width: side,
      height: side,
      orientation: fc.integer({ min: 1, max: 8 }),
      pages: fc.constantFrom(1, 1, 3),
      format: fc.constantFrom('jpg', 'gif'),
      faces: fc.array(rectangle, { maxLength: 2 }),
      custom: fc.array(rectangle, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(source, fc.array(component, { minLength: 1, maxLength: 3 }), (facts, components) => {
        const full = sourceFacts(facts);
        let made: ReturnType<typeof planRender>;
        try {
          made = planRender(full, parseTransformation(components.join('/')), {
            extension: null,
            hints: null,
          });
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 400) throw error;
          return;
        }
        const swapped = made.ignoreOrientation && full.orientation > 4;
        let width = swapped ? full.height : full.width;
        let height = swapped ? full.width : full.height;
        for (const step of made.steps) {
          for (const value of numbersOf(step)) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
          if (step.op === 'extract') {
            expect(step.left + step.width).toBeLessThanOrEqual(width);
            expect(step.top + step.height).toBeLessThanOrEqual(height);
          }
          [width, height] = sizeAfter(step, width, height);
          expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
        }
        expect(made.size).toEqual({ width, height });
        const grew = width > full.width && height > full.height;
        if (grew && made.steps.every(({ op }) => op !== 'rotate')) {
          expect(width * height).toBeLessThanOrEqual(MAX_RESULT_PIXELS);
        }
      }),
      { numRuns: 3000 },
    );
  });

  function numbersOf(step: Step): readonly number[] {
    return Object.values(step).flatMap((value) =>
      typeof value === 'number' ? [value] : Array.isArray(value) ? value : [],
    );
  }

  /** Written apart from the planner's own bookkeeping. */
  function sizeAfter(step: Step, width: number, height: number): [number, number] {
    if (step.op === 'rotate') return step.degrees === 180 ? [width, height] : [height, width];
    if (step.op === 'extend') return [width + step.left + step.right, height + step.top + step.bottom];
    if (step.op === 'border') return [width + 2 * step.width, height + 2 * step.width];
    return 'height' in step ? [step.width, step.height] : [width, height];
  }
});
