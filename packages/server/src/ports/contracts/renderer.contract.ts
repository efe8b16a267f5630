import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RenderPlan, Size, Step } from '@counterseal/protocol';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Renderer, RendererBusyError, RenderLimitError, UndecodableError } from '../renderer.js';

export interface RendererHarness {
  /** A fresh renderer; with `tight` one that runs a single job and lets a single one wait. */
  create(options: { tight: boolean }): Renderer;
}

/** A picture of 96 x 64 pixels in four colours, seen upright: red, green over blue, white. */
const UPRIGHT: Size = { width: 96, height: 64 };
const quarters = { topLeft: 'red', topRight: 'green', bottomLeft: 'blue', bottomRight: 'white' } as const;
const rgbOf = { red: [255, 0, 0], green: [0, 128, 0], blue: [0, 0, 255], white: [255, 255, 255] } as const;
const COLOR_TOLERANCE = 12;
/** Ink has no pure blue: far off, but still nearer to blue than to any other of the four. */
const CMYK_TOLERANCE = 120;

/** An SVG that is small, well-formed and takes minutes to draw. */
const slowSvg = `<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="3000"><defs><filter id="f" x="0" y="0" width="1" height="1">${'<feTurbulence baseFrequency="0.9" numOctaves="9"/><feGaussianBlur stdDeviation="90"/>'.repeat(200)}</filter></defs><rect width="3000" height="3000" filter="url(#f)"/></svg>`;

export function planOf(
  steps: readonly Step[],
  size: Size,
  output: Partial<RenderPlan['output']> & { ignoreOrientation?: boolean } = {},
): RenderPlan {
  const { ignoreOrientation = false, ...rest } = output;
  return {
    ignoreOrientation,
    steps,
    size,
    output: { format: 'png', quality: 90, chroma: null, progressive: false, animated: false, ...rest },
  };
}

/** The suite every {@link Renderer} passes. */
export function rendererContract(name: string, harness: RendererHarness): void {
  describe(`renderer contract: ${name}`, () => {
    let folder: string;
    let renderer: Renderer;
    let serial = 0;
    const path = (file: string) => join(folder, file);
    const fresh = (extension: string) => {
      serial += 1;
      return path(`out-${serial}.${extension}`);
    };
    const save = async (file: string, bytes: Uint8Array | string) => {
      await writeFile(path(file), bytes);
      return path(file);
    };
    /** Renders with `by` and returns the file's path. */
    const render = async (inputPath: string, inputFormat: string, plan: RenderPlan, by = renderer) => {
      const outputPath = fresh(plan.output.format);
      await by.render({ inputPath, inputFormat, plan, outputPath });
      return outputPath;
    };
    const expectAlive = async () => {
      const source = await save('alive.png', await fourColors().png().toBuffer());
      const out = await render(
        source,
        'png',
        planOf([{ op: 'resize', width: 9, height: 6 }], { width: 9, height: 6 }),
      );
      expect(await sizeOf(out)).toEqual({ width: 9, height: 6 });
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'renderer-'));
      renderer = harness.create({ tight: false });
    });
    afterAll(async () => {
      await renderer.close();
      await rm(folder, { recursive: true });
    });

    describe('what comes out', () => {
      it.each(['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
        'has the planned size and format: %s',
        async (format) => {
          const source = await save('size.png', await fourColors().png().toBuffer());
          const outputPath = fresh(format);
          const plan = planOf(
            [{ op: 'resize', width: 33, height: 17 }],
            { width: 33, height: 17 },
            { format },
          );
          const rendition = await renderer.render({
            inputPath: source,
            inputFormat: 'png',
            plan,
            outputPath,
          });
          const bytes = await readFile(outputPath);
          expect(rendition).toEqual({ width: 33, height: 17, bytes: bytes.length, format });
          expect(await sizeOf(outputPath)).toEqual({ width: 33, height: 17 });
        },
      );

      it.each(
        [1, 2, 3, 4, 5, 6, 7, 8].flatMap((orientation) =>
          [false, true].map((scaled) => ({ orientation, scaled })),
        ),
      )('is upright: EXIF orientation $orientation, scaled: $scaled', async ({ orientation, scaled }) => {
        const source = await save(`o${orientation}.jpg`, await oriented(orientation));
        const size = scaled ? { width: 48, height: 32 } : UPRIGHT;
        const steps: Step[] = scaled ? [{ op: 'resize', ...size }] : [];
        const out = await render(source, 'jpg', planOf(steps, size));
        expect(await cornersOf(out)).toEqual(quarters);
      });

      it.each([1, 2, 3, 4, 5, 6, 7, 8])(
        'cuts from the upright picture: EXIF orientation %i',
        async (orientation) => {
          const source = await save(`e${orientation}.jpg`, await oriented(orientation));
          const corner = { left: UPRIGHT.width - 24, top: 0, width: 24, height: 16 };
          const cut = await render(source, 'jpg', planOf([{ op: 'extract', ...corner }], corner));
          expect(new Set(Object.values(await cornersOf(cut)))).toEqual(new Set(['green']));
          const scaled = planOf(
            [
              { op: 'extract', ...corner },
              { op: 'resize', width: 12, height: 8 },
            ],
            { width: 12, height: 8 },
          );
          const cutAndScaled = await render(source, 'jpg', scaled);
          expect(new Set(Object.values(await cornersOf(cutAndScaled)))).toEqual(new Set(['green']));
        },
      );

      it('keeps the stored orientation when asked to', async () => {
        const source = await save('stored.jpg', await oriented(6));
        const size = { width: UPRIGHT.height, height: UPRIGHT.width };
        const out = await render(source, 'jpg', planOf([], size, { ignoreOrientation: true }));
        expect(await sizeOf(out)).toEqual(size);
        expect((await cornersOf(out)).topLeft).toBe('green');
      });

      it('carries no metadata', async () => {
        const source = await save('exif.jpg', await oriented(6, 'GPS and a serial number'));
        expect((await readFile(source)).includes('GPS and a serial number')).toBe(true);
        const out = await render(source, 'jpg', planOf([], UPRIGHT, { format: 'jpg' }));
        const { exif, icc, orientation } = await sharp(out).metadata();
        expect({ exif, icc, orientation }).toEqual({
          exif: undefined,
          icc: undefined,
          orientation: undefined,
        });
      });

      it('has the colours of a CMYK picture', async () => {
        const cmyk = await fourColors().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
        expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
        const out = await render(await save('cmyk.jpg', cmyk), 'jpg', planOf([], UPRIGHT));
        expect((await sharp(out).metadata()).space).toBe('srgb');
        expect(await cornersOf(out, CMYK_TOLERANCE)).toEqual(quarters);
      });

      it('keeps alpha where the format can, and is white under it where not', async () => {
        const half = await sharp({
          create: { width: 20, height: 10, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
        })
          .png()
          .toBuffer();
        const source = await save('half.png', half);
        const size = { width: 20, height: 10 };
        const kept = await pixelsOf(await render(source, 'png', planOf([], size, { format: 'webp' })));
        expect(kept(10, 5)[3]).toBeCloseTo(128, -1);
        const flat = await pixelsOf(await render(source, 'png', planOf([], size, { format: 'jpg' })));
        expect(flat(10, 5)[0]).toBeCloseTo(127, -1);
      });

      it('pads transparent where the format can, else white', async () => {
        const source = await save('pad.png', await fourColors().png().toBuffer());
        const steps: Step[] = [{ op: 'extend', top: 4, right: 0, bottom: 0, left: 0, background: null }];
        const size = { width: UPRIGHT.width, height: UPRIGHT.height + 4 };
        const png = await pixelsOf(await render(source, 'png', planOf(steps, size)));
        expect(png(5, 0)[3]).toBe(0);
        expect(png(5, 8)).toEqual([255, 0, 0, 255]);
        const jpg = await pixelsOf(await render(source, 'png', planOf(steps, size, { format: 'jpg' })));
        expect(jpg(5, 0).slice(0, 3)).toEqual([255, 255, 255]);
      });
    });

    describe('what it refuses', () => {
      it.each([
        ['text', 'png', Buffer.from('not a picture')],
        ['no bytes', 'jpg', Buffer.alloc(0)],
      ])('%s named as a picture', async (_, format, bytes) => {
        const inputPath = await save(`bad.${format}`, bytes);
        const outputPath = fresh('png');
        const job = { inputPath, inputFormat: format, plan: planOf([], { width: 1, height: 1 }), outputPath };
        await expect(renderer.render(job)).rejects.toBeInstanceOf(UndecodableError);
        expect(await readdir(folder)).not.toContain(outputPath.split('/').at(-1));
        await expectAlive();
      });

      it('half a JPEG, and leaves no output', async () => {
        const whole = await sharp({
          create: {
            width: 400,
            height: 400,
            channels: 3,
            background: 'red',
            noise: { type: 'gaussian', mean: 120, sigma: 40 },
          },
        })
          .jpeg()
          .toBuffer();
        const inputPath = await save('half.jpg', whole.subarray(0, whole.length / 2));
        const outputPath = fresh('jpg');
        const plan = planOf([{ op: 'resize', width: 100, height: 100 }], { width: 100, height: 100 });
        const job = { inputPath, inputFormat: 'jpg', plan, outputPath };
        await expect(renderer.render(job)).rejects.toBeInstanceOf(UndecodableError);
        await expect(renderer.probe(inputPath, { verify: true })).rejects.toBeInstanceOf(UndecodableError);
        await expect(readFile(outputPath)).rejects.toThrow('ENOENT');
      });

      it('a result with too many pixels', async () => {
        const source = await save('small.png', await fourColors().png().toBuffer());
        const plan = planOf([{ op: 'resize', width: 20_000, height: 20_000 }], {
          width: 20_000,
          height: 20_000,
        });
        await expect(render(source, 'png', plan)).rejects.toMatchObject({
          name: 'RenderLimitError',
          limit: 'result',
        });
      });

      it('to write over a file, and leaves that as it is', async () => {
        const source = await save('over.png', await fourColors().png().toBuffer());
        const outputPath = await save('taken.png', 'mine');
        const job = { inputPath: source, inputFormat: 'png', plan: planOf([], UPRIGHT), outputPath };
        await expect(renderer.render(job)).rejects.toThrow();
        expect(await readFile(outputPath, 'utf8')).toBe('mine');
      });
    });

    describe('limits in time and number', () => {
      it('a job that takes too long is stopped, and the next one works', async () => {
        const inputPath = await save('slow.svg', slowSvg);
        const outputPath = fresh('png');
        const plan = planOf([], { width: 3000, height: 3000 });
        const job = { inputPath, inputFormat: 'svg', plan, outputPath };
        await expect(renderer.render(job)).rejects.toMatchObject({ name: 'RenderLimitError', limit: 'time' });
        await expect(readFile(outputPath)).rejects.toThrow('ENOENT');
        await expectAlive();
      });

      it('an aborted job rejects with the reason, at once, and leaves no output', async () => {
        const inputPath = await save('slow.svg', slowSvg);
        const outputPath = fresh('png');
        const reason = new Error('the client left');
        const abort = new AbortController();
        const job = {
          inputPath,
          inputFormat: 'svg',
          plan: planOf([], { width: 3000, height: 3000 }),
          outputPath,
        };
        const rendering = renderer.render(job, { signal: abort.signal });
        setTimeout(() => abort.abort(reason), 300);
        const startedAtMs = performance.now();
        await expect(rendering).rejects.toBe(reason);
        expect(performance.now() - startedAtMs).toBeLessThan(2_000);
        await expect(readFile(outputPath)).rejects.toThrow('ENOENT');
        await expect(renderer.render(job, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
        await expectAlive();
      });

      it('refuses work when the queue is full; a waiting job can be aborted; close rejects the rest', async () => {
        const tight = harness.create({ tight: true });
        const inputPath = await save('slow.svg', slowSvg);
        const plan = planOf([], { width: 3000, height: 3000 });
        const start = (signal?: AbortSignal) =>
          tight.render(
            { inputPath, inputFormat: 'svg', plan, outputPath: fresh('png') },
            signal === undefined ? {} : { signal },
          );
        const settled = (job: Promise<unknown>) =>
          job.then(
            () => 'done',
            (error: unknown) => error,
          );
        const running = settled(start());
        await new Promise((resolve) => setTimeout(resolve, 50));
        const leave = new AbortController();
        const waiting = settled(start(leave.signal));
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(await settled(start())).toBeInstanceOf(RendererBusyError);
        leave.abort(new Error('gone'));
        expect(await waiting).toMatchObject({ message: 'gone' });
        const last = settled(start());
        await new Promise((resolve) => setTimeout(resolve, 50));
        await tight.close();
        for (const job of [await running, await last]) {
          expect(job).toBeInstanceOf(Error);
          expect(job).not.toBeInstanceOf(RenderLimitError);
        }
        await expect(start()).rejects.toThrow();
      });
    });

    describe('probe', () => {
      it('tells the size of the upright picture', async () => {
        const inputPath = await save('probe.jpg', await oriented(6));
        expect(await renderer.probe(inputPath, { verify: true })).toEqual({
          kind: 'image',
          format: 'jpg',
          decodable: true,
          media: { ...UPRIGHT, pages: 1, orientation: 6, hasAlpha: false },
        });
      });

      it('does not believe a name', async () => {
        const inputPath = await save('really-a-gif.jpg', await fourColors().gif().toBuffer());
        expect(await renderer.probe(inputPath)).toMatchObject({ kind: 'image', format: 'gif' });
      });
    });

    it('makes a harmless copy of an SVG', async () => {
      const inputPath = await save(
        'evil.svg',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><circle r="4"/></svg>',
      );
      const outputPath = fresh('svg');
      const { bytes } = await renderer.sanitizeSvg({ inputPath, outputPath });
      const text = await readFile(outputPath, 'utf8');
      expect(Buffer.byteLength(text)).toBe(bytes);
      expect(text).toContain('<circle r="4">');
      expect(text).not.toMatch(/script|onload/);
      await expect(
        renderer.sanitizeSvg({ inputPath: await save('text.svg', 'no'), outputPath: fresh('svg') }),
      ).rejects.toBeInstanceOf(UndecodableError);
    });
  });
}

function fourColors(): Sharp {
  const rect = (x: number, y: number, color: string) =>
    `<rect x="${x}" y="${y}" width="48" height="32" fill="${color}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64">${rect(0, 0, quarters.topLeft)}${rect(48, 0, quarters.topRight)}${rect(0, 32, quarters.bottomLeft)}${rect(48, 32, quarters.bottomRight)}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}

/** A JPEG whose stored pixels become the four colours when its EXIF orientation is obeyed. */
async function oriented(orientation: number, comment = 'made for a test'): Promise<Buffer> {
  // The inverse of what each orientation tells the reader to do (Exif 2.3, tag 0x0112).
  // Turned first, mirrored in a second pass, so that sharp's own order plays no part.
  const quarterTurns: Record<number, number> = { 3: 180, 5: 90, 6: 270, 7: 270, 8: 90 };
  const turned = await fourColors()
    .rotate(quarterTurns[orientation] ?? 0)
    .png()
    .toBuffer();
  const stored = sharp(turned);
  if ([2, 5, 7].includes(orientation)) stored.flop();
  if (orientation === 4) stored.flip();
  return stored
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .withExif({ IFD0: { ImageDescription: comment } })
    .withMetadata({ orientation })
    .toBuffer();
}

async function sizeOf(path: string): Promise<Size> {
  const { width, height } = await sharp(path).metadata();
  return { width, height };
}

async function pixelsOf(path: string): Promise<(x: number, y: number) => number[]> {
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return (x, y) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)];
}

/** The colour near each corner, by name. */
async function cornersOf(path: string, tolerance = COLOR_TOLERANCE): Promise<Record<string, string>> {
  const at = await pixelsOf(path);
  const { width, height } = await sizeOf(path);
  const nameOf = (pixel: number[]) =>
    Object.entries(rgbOf).find(([, rgb]) =>
      rgb.every((band, index) => Math.abs(band - (pixel[index] ?? 0)) <= tolerance),
    )?.[0] ?? pixel.join();
  return {
    topLeft: nameOf(at(2, 2)),
    topRight: nameOf(at(width - 3, 2)),
    bottomLeft: nameOf(at(2, height - 3)),
    bottomRight: nameOf(at(width - 3, height - 3)),
  };
}
