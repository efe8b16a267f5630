import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Color, RenderPlan, Size, Step } from '@counterseal/protocol';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../../ports/contracts/renderer.contract.js';
import { applyStep } from './apply-step.js';
import { noise } from './hostile-files.test-support.js';
import { framesOf, pipelineOf, type Raster, toRaster } from './raster.js';
import { render } from './render.js';

const blue: Color = { r: 10, g: 20, b: 230, alpha: 1 };
const glass: Color = { r: 200, g: 0, b: 0, alpha: 0.5 };
const SOURCE: Size = { width: 160, height: 120 };
/** Mean difference per band that shrinking while decoding may make. */
const MAX_MEAN_DIFFERENCE = 4;

let folder: string;
let serial = 0;
const path = (name: string) => join(folder, name);
const run = async (inputPath: string, inputFormat: string, plan: RenderPlan) => {
  serial += 1;
  const outputPath = path(`out-${serial}.${plan.output.format}`);
  await render({ inputPath, inputFormat, plan, outputPath });
  return outputPath;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render-'));
  // A smooth picture with clear places, half transparent towards the right; and an opaque photo-like one.
  const gradient = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><defs><linearGradient id="g"><stop offset="0" stop-color="#f40"/><stop offset="1" stop-color="#04f" stop-opacity=".2"/></linearGradient></defs><rect width="160" height="120" fill="url(#g)"/><circle cx="40" cy="80" r="25" fill="#fd0"/></svg>`,
  );
  await sharp(gradient).png().toFile(path('alpha.png'));
  await sharp(gradient).flatten({ background: '#fff' }).jpeg({ quality: 95 }).toFile(path('photo.jpg'));
  await sharp(gradient).flatten().greyscale().png().toFile(path('grey.png'));
  await sharp(gradient).flatten().toColourspace('b-w').jpeg({ quality: 95 }).toFile(path('grey.jpg'));
  await sharp(gradient).toColourspace('b-w').png().toFile(path('grey-alpha.png'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('one fused pass gives what step by step gives', () => {
  const extract = (left: number, top: number, width: number, height: number): Step => ({
    op: 'extract',
    left,
    top,
    width,
    height,
  });
  const resize = (width: number, height: number): Step => ({ op: 'resize', width, height });
  const extend = (background: Color | null): Step => ({
    op: 'extend',
    top: 7,
    right: 3,
    bottom: 5,
    left: 9,
    background,
  });
  const plans: { name: string; steps: Step[]; size: Size }[] = [
    { name: 'scale', steps: [resize(40, 30)], size: { width: 40, height: 30 } },
    { name: 'enlarge', steps: [resize(320, 200)], size: { width: 320, height: 200 } },
    { name: 'fill', steps: [resize(53, 40), extract(6, 0, 40, 40)], size: { width: 40, height: 40 } },
    { name: 'pad', steps: [resize(40, 30), extend(null)], size: { width: 52, height: 42 } },
    { name: 'pad in a colour', steps: [resize(40, 30), extend(blue)], size: { width: 52, height: 42 } },
    {
      name: 'pad in a clear colour',
      steps: [resize(40, 30), extend(glass)],
      size: { width: 52, height: 42 },
    },
    {
      name: 'fill and pad',
      steps: [resize(53, 40), extract(6, 0, 40, 40), extend(blue)],
      size: { width: 52, height: 52 },
    },
    {
      name: 'crop, scale, pad',
      steps: [extract(20, 30, 80, 60), resize(40, 30), extend(blue)],
      size: { width: 52, height: 42 },
    },
    { name: 'crop', steps: [extract(20, 30, 60, 50)], size: { width: 60, height: 50 } },
    { name: 'crop and pad', steps: [extract(20, 30, 60, 50), extend(blue)], size: { width: 72, height: 62 } },
    {
      name: 'crop, scale, crop, pad',
      steps: [extract(20, 30, 80, 60), resize(40, 30), extract(3, 2, 30, 20), extend(blue)],
      size: { width: 42, height: 32 },
    },
    {
      name: 'pad and put a colour under',
      steps: [resize(40, 30), extend(null), { op: 'background', color: blue }],
      size: { width: 52, height: 42 },
    },
  ];
  it.each(
    plans.flatMap((plan) =>
      ['alpha.png', 'photo.jpg', 'grey.jpg', 'grey.png', 'grey-alpha.png'].flatMap((file) =>
        (['png', 'jpg'] as const).map((format) => ({ ...plan, file, format })),
      ),
    ),
  )('$name: $file to $format', async ({ steps, size, file, format }) => {
    const inputFormat = file.slice(-3);
    const fused = await run(
      path(file),
      inputFormat,
      planOf(steps, size, { format, quality: 100, chroma: '4:4:4' }),
    );
    const isOpaque = format === 'jpg';
    let raster: Raster = await toRaster(sharp(path(file)));
    for (const step of steps)
      raster = await applyStep(raster, step, { isOpaque, salientPosition: 'attention' });
    const stepwise = isOpaque ? await toRaster(pipelineOf(raster).flatten({ background: '#fff' })) : raster;
    expect(await meanDifference(await toRaster(sharp(fused)), stepwise)).toBeLessThan(MAX_MEAN_DIFFERENCE);
  });
});

describe('single steps', () => {
  const solid = (alpha: number): Promise<Raster> =>
    toRaster(
      sharp({ create: { width: 60, height: 40, channels: 4, background: { r: 40, g: 120, b: 200, alpha } } }),
    );
  const at = (raster: Raster, x: number, y: number) => {
    const start = (y * raster.width + x) * raster.channels;
    return [...raster.data.subarray(start, start + raster.channels)];
  };
  const apply = (raster: Raster, step: Step) =>
    applyStep(raster, step, { isOpaque: false, salientPosition: 'attention' });

  it('rotate turns clockwise, mirror left to right', async () => {
    const marked = await toRaster(
      sharp(Buffer.from([255, 0, 0, 0, 255, 0]), { raw: { width: 2, height: 1, channels: 3 } }),
    );
    const turned = await apply(marked, { op: 'rotate', degrees: 90 });
    expect([turned.width, turned.height, at(turned, 0, 0), at(turned, 0, 1)]).toEqual([
      1,
      2,
      [255, 0, 0],
      [0, 255, 0],
    ]);
    const mirrored = await apply(marked, { op: 'mirror', axis: 'horizontal' });
    expect(at(mirrored, 0, 0)).toEqual([0, 255, 0]);
    const unchanged = await apply(marked, { op: 'mirror', axis: 'vertical' });
    expect(at(unchanged, 0, 0)).toEqual([255, 0, 0]);
  });

  it('opacity scales alpha', async () => {
    expect(at(await apply(await solid(1), { op: 'opacity', percent: 30 }), 5, 5)).toEqual([40, 120, 200, 77]);
  });

  it('background shows through what is clear', async () => {
    expect(at(await apply(await solid(0), { op: 'background', color: blue }), 5, 5).slice(0, 3)).toEqual([
      10, 20, 230,
    ]);
    expect(at(await apply(await solid(0), { op: 'background', color: glass }), 5, 5)).toEqual([
      200, 0, 0, 128,
    ]);
    expect(at(await apply(await solid(1), { op: 'background', color: glass }), 5, 5)).toEqual([
      40, 120, 200, 255,
    ]);
  });

  it('round clears corners, each by its own radius', async () => {
    const rounded = await apply(await solid(1), { op: 'round', radii: [20, 0, 10, 5] });
    expect(at(rounded, 0, 0)[3]).toBe(0);
    expect(at(rounded, 59, 0)[3]).toBe(255);
    expect(at(rounded, 59, 39)[3]).toBe(0);
    expect(at(rounded, 0, 39)[3]).toBe(0);
    expect(at(rounded, 6, 5)[3], 'just outside the arc').toBeLessThan(200);
    expect(at(rounded, 7, 7)[3], 'inside the arc').toBe(255);
    expect(at(rounded, 30, 0)[3]).toBe(255);
  });

  it('border frames outside, and follows rounded corners without a gap', async () => {
    const plain = await apply(await solid(1), { op: 'border', width: 4, color: blue, radii: null });
    expect([plain.width, plain.height, at(plain, 0, 0).slice(0, 3), at(plain, 4, 4).slice(0, 3)]).toEqual([
      68,
      48,
      [10, 20, 230],
      [40, 120, 200],
    ]);
    const radii = [20, 20, 20, 20] as const;
    const rounded = await apply(await solid(1), { op: 'round', radii });
    const ring = await apply(rounded, { op: 'border', width: 4, color: blue, radii });
    expect(at(ring, 0, 0)[3], 'outside the ring').toBe(0);
    expect(at(ring, 8, 8), 'on the ring').toEqual([10, 20, 230, 255]);
    for (let step = 8; step < 30; step += 1) expect(at(ring, step, step)[3]).toBe(255);
  });

  it('a salient window lies on what stands out', async () => {
    const spot = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#888"/><circle cx="330" cy="60" r="25" fill="#f22"/><path d="M310 40l40 40m0-40l-40 40" stroke="#fff" stroke-width="6"/></svg>',
    );
    const source = await toRaster(sharp(spot).removeAlpha());
    const cut = await apply(source, { op: 'extract-salient', width: 100, height: 100 });
    expect([cut.width, cut.height]).toEqual([100, 100]);
    const { channels } = await pipelineOf(cut).stats();
    expect((channels[0]?.mean ?? 0) - (channels[1]?.mean ?? 0)).toBeGreaterThan(5);
    const covered = await apply(source, { op: 'cover-salient', width: 60, height: 90 });
    expect([covered.width, covered.height]).toEqual([60, 90]);
  });

  describe('effects', () => {
    const effectOn = async (alpha: number, effect: Extract<Step, { op: 'effect' }>['effect']) => {
      const result = await apply(await solid(alpha), { op: 'effect', effect });
      expect([result.width, result.height]).toEqual([60, 40]);
      if (alpha < 1) expect(at(result, 30, 20)[3]).toBe(Math.round(alpha * 255));
      return at(result, 30, 20).slice(0, 3);
    };
    it.each([1, 0.4])('keep size and alpha %f, and change in the right direction', async (alpha) => {
      const [grey = 0, ...others] = await effectOn(alpha, { name: 'grayscale' });
      expect(others).toEqual([grey, grey]);
      expect(await effectOn(alpha, { name: 'negate' })).toEqual([215, 135, 55]);
      const [sepiaRed = 0, , sepiaBlue = 0] = await effectOn(alpha, { name: 'sepia', amount: 100 });
      expect(sepiaRed).toBeGreaterThan(sepiaBlue);
      expect(await effectOn(alpha, { name: 'sepia', amount: 0 })).toEqual([40, 120, 200]);
      expect(await effectOn(alpha, { name: 'brightness', amount: 50 })).toEqual([60, 180, 255]);
      expect(await effectOn(alpha, { name: 'brightness', amount: -50 })).toEqual([20, 60, 100]);
      expect(await effectOn(alpha, { name: 'contrast', amount: 100, curve: 'linear' })).toEqual([
        40, 120, 200,
      ]);
      expect((await effectOn(alpha, { name: 'contrast', amount: 200, curve: 'linear' }))[0]).toBe(0);
      expect((await effectOn(alpha, { name: 'contrast', amount: 50, curve: 'sigmoidal' }))[0]).toBeLessThan(
        40,
      );
      expect(
        (await effectOn(alpha, { name: 'contrast', amount: -50, curve: 'sigmoidal' }))[0],
      ).toBeGreaterThan(40);
      const [r = 0, g = 0, b = 0] = await effectOn(alpha, { name: 'saturation', amount: -100 });
      expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(6);
      const [hueRed = 0, , hueBlue = 0] = await effectOn(alpha, { name: 'hue', amount: 100 });
      expect(hueRed).toBeGreaterThan(hueBlue);
      expect(await effectOn(alpha, { name: 'blur', amount: 2000 })).toEqual([40, 120, 200]);
      expect(await effectOn(alpha, { name: 'blur', amount: 1 })).toEqual([40, 120, 200]);
      expect(await effectOn(alpha, { name: 'sharpen', amount: 2000 })).toEqual([40, 120, 200]);
      expect(await effectOn(alpha, { name: 'pixelate', amount: 7 })).toEqual([40, 120, 200]);
    });

    it('pixelate makes squares', async () => {
      const source = await toRaster(noise(20, 20));
      const result = await apply(source, { op: 'effect', effect: { name: 'pixelate', amount: 8 } });
      expect(at(result, 0, 0)).toEqual(at(source, 4, 4));
      expect(at(result, 7, 7)).toEqual(at(source, 4, 4));
      expect(at(result, 8, 7)).toEqual(at(source, 12, 4));
      expect(at(result, 19, 19)).toEqual(at(source, 19, 19));
    });
  });
});

describe('animations', () => {
  const delay = [40, 80, 120];
  const shades = [250, 130, 10];
  beforeAll(async () => {
    const frame = 32 * 24 * 3;
    const strip = Buffer.concat(shades.map((shade) => Buffer.alloc(frame, shade)));
    const raw = { width: 32, height: 72, channels: 3, pageHeight: 24 } as const;
    await sharp(strip, { raw }).gif({ delay, loop: 2 }).toFile(path('moving.gif'));
    await sharp(strip, { raw }).webp({ lossless: true, delay, loop: 2 }).toFile(path('moving.webp'));
  });

  it.each([
    { name: 'fused', steps: [{ op: 'resize', width: 16, height: 12 }] },
    {
      name: 'frame by frame',
      steps: [
        { op: 'resize', width: 16, height: 12 },
        { op: 'mirror', axis: 'vertical' },
      ],
    },
    { name: 'salient in the middle', steps: [{ op: 'cover-salient', width: 16, height: 12 }] },
    { name: 'salient unscaled', steps: [{ op: 'extract-salient', width: 16, height: 12 }] },
    {
      name: 'padded',
      steps: [
        { op: 'resize', width: 8, height: 8 },
        { op: 'extend', top: 2, bottom: 2, left: 4, right: 4, background: null },
      ],
    },
  ] as { name: string; steps: Step[] }[])('keep frames, timing and size: $name', async ({ steps }) => {
    for (const format of ['gif', 'webp'] as const) {
      const plan = planOf(steps, { width: 16, height: 12 }, { format, animated: true });
      const out = await run(path(`moving.${format}`), format, plan);
      const meta = await sharp(out).metadata();
      expect(meta).toMatchObject({ width: 16, height: 12, pages: 3, delay, loop: 2 });
      const frames = framesOf(await toRaster(sharp(out, { animated: true })));
      const middle = (6 * 16 + 8) * (frames[0]?.channels ?? 0);
      for (const [index, shade] of shades.entries()) {
        expect(Math.abs((frames[index]?.data[middle] ?? 0) - shade)).toBeLessThan(12);
      }
    }
  });

  it('only the first frame goes into a still format, or when not asked for more', async () => {
    const size = { width: 32, height: 24 };
    for (const output of [
      { format: 'png' as const, animated: true },
      { format: 'gif' as const, animated: false },
    ]) {
      const out = await run(path('moving.gif'), 'gif', planOf([], size, output));
      expect((await sharp(out).metadata()).pages ?? 1).toBe(1);
    }
  });
});

describe('depth and profile', () => {
  it('16-bit and palette pictures become 8-bit sRGB', async () => {
    await sharp(path('alpha.png')).toColourspace('rgb16').png().toFile(path('deep.png'));
    await sharp(path('photo.jpg')).withIccProfile('p3').jpeg().toFile(path('p3.jpg'));
    const deep = await run(path('deep.png'), 'png', planOf([], SOURCE));
    expect(await sharp(deep).metadata()).toMatchObject({ depth: 'uchar', space: 'srgb' });
    const p3 = await run(path('p3.jpg'), 'jpg', planOf([], SOURCE));
    expect((await sharp(p3).metadata()).icc).toBeUndefined();
    expect(
      await meanDifference(await toRaster(sharp(p3)), await toRaster(sharp(path('photo.jpg')))),
    ).toBeLessThan(MAX_MEAN_DIFFERENCE);
  });
});

describe('mistakes of the plan', () => {
  it('are not blamed on the picture', async () => {
    const wrongSize = run(path('photo.jpg'), 'jpg', planOf([], { width: 1, height: 1 }));
    await expect(wrongSize).rejects.toThrow('the plan promised 1x1, the picture has 160x120');
    const outside: Step = { op: 'extract', left: 150, top: 0, width: 50, height: 10 };
    const cut = run(path('photo.jpg'), 'jpg', planOf([outside], { width: 50, height: 10 }));
    await expect(cut).rejects.toMatchObject({ name: 'Error' });
  });

  it('nor is a full or missing disk', async () => {
    const job = { inputPath: path('photo.jpg'), inputFormat: 'jpg', plan: planOf([], SOURCE) };
    await expect(render({ ...job, outputPath: path('no/such/folder.png') })).rejects.toMatchObject({
      name: 'Error',
    });
    const missing = render({ ...job, inputPath: path('absent.jpg'), outputPath: path('x.png') });
    await expect(missing).rejects.toMatchObject({ name: 'Error' });
  });
});

async function meanDifference(a: Raster, b: Raster): Promise<number> {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  const [first, second] = await Promise.all(
    [a, b].map((raster) => toRaster(pipelineOf(raster).ensureAlpha())),
  );
  const [left, right] = [first?.data ?? Buffer.alloc(0), second?.data ?? Buffer.alloc(0)];
  let sum = 0;
  for (let at = 0; at < left.length; at += 4) {
    const alphas = [left[at + 3] ?? 0, right[at + 3] ?? 0] as const;
    sum += Math.abs(alphas[0] - alphas[1]);
    for (let band = at; band < at + 3; band += 1) {
      sum += Math.abs((left[band] ?? 0) * alphas[0] - (right[band] ?? 0) * alphas[1]) / 255;
    }
  }
  return sum / left.length;
}
