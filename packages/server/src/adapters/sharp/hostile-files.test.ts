import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../../ports/contracts/renderer.contract.js';
import { builtChild } from './built-child.test-support.js';
import * as hostile from './hostile-files.test-support.js';
import { MAX_AVIF_PIXELS, MAX_DECODE_PIXELS, MAX_FRAMES, MAX_SVG_PIXELS } from './limits.js';
import { SharpRenderer } from './sharp-renderer.js';

const svg = (width: number, height: number, content = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`);
const jpeg = () => hostile.noise(200, 200).jpeg().toBuffer();
const cutOff = async (whole: Promise<Buffer>, share = 0.5) =>
  (await whole).subarray(0, Math.floor((await whole).length * share));

interface Refused {
  readonly file: string;
  readonly format: string;
  readonly bytes: () => Promise<Buffer> | Buffer;
  /** What `probe(verify)` and `render` reject with. */
  readonly error: Readonly<Record<string, unknown>>;
}
const limit = (kind: string, got: number, max: number) => ({
  name: 'RenderLimitError',
  limit: kind,
  got,
  max,
});
const undecodable = { name: 'UndecodableError' };
const Mpx81 = 9000 * 9000;

const refused: readonly Refused[] = [
  {
    file: 'PNG of 16000 x 16000',
    format: 'png',
    bytes: () => hostile.pngBomb(16_000, 16_000),
    error: limit('pixels', 16_000 ** 2, MAX_DECODE_PIXELS),
  },
  {
    file: 'PNG of 50000 x 50000',
    format: 'png',
    bytes: () => hostile.pngBomb(50_000, 50_000),
    error: limit('pixels', 50_000 ** 2, MAX_DECODE_PIXELS),
  },
  {
    file: 'WebP of 81 Mpx',
    format: 'webp',
    bytes: hostile.webpBomb,
    error: limit('pixels', Mpx81, MAX_DECODE_PIXELS),
  },
  {
    file: 'AVIF of 81 Mpx',
    format: 'avif',
    bytes: hostile.avifBomb,
    error: limit('pixels', Mpx81, MAX_AVIF_PIXELS),
  },
  {
    file: 'SVG of 1600 Mpx',
    format: 'svg',
    bytes: () => svg(30_000, 30_000),
    error: limit('pixels', 30_000 ** 2, MAX_SVG_PIXELS),
  },
  { file: 'SVG with nested use', format: 'svg', bytes: () => Buffer.from(hostile.nestedUse), error: {} },
  {
    file: 'SVG with entities',
    format: 'svg',
    bytes: () => Buffer.from(hostile.refusedSvgs['billion laughs'] ?? ''),
    error: undecodable,
  },
  { file: 'JPEG cut in half', format: 'jpg', bytes: () => cutOff(jpeg()), error: undecodable },
  {
    file: 'JPEG without its last tenth',
    format: 'jpg',
    bytes: () => cutOff(jpeg(), 0.9),
    error: undecodable,
  },
  {
    file: 'PNG cut in half',
    format: 'png',
    bytes: () => cutOff(hostile.noise(90, 90).png().toBuffer()),
    error: undecodable,
  },
  {
    file: 'WebP cut in half',
    format: 'webp',
    bytes: () => cutOff(hostile.noise(90, 90).webp().toBuffer()),
    error: undecodable,
  },
  {
    file: 'TIFF cut in half',
    format: 'tiff',
    bytes: () => cutOff(hostile.noise(90, 90).tiff({ compression: 'lzw' }).toBuffer()),
    error: undecodable,
  },
  {
    file: 'AVIF cut in half',
    format: 'avif',
    bytes: () => cutOff(hostile.noise(90, 90).avif({ effort: 0 }).toBuffer()),
    error: undecodable,
  },
  {
    file: 'GIF cut in half',
    format: 'gif',
    bytes: () => cutOff(hostile.noise(90, 90).gif().toBuffer()),
    error: undecodable,
  },
  {
    file: 'PNG with a wrong checksum',
    format: 'png',
    bytes: hostile.pngWithWrongChecksum,
    error: undecodable,
  },
];

describe('hostile files', () => {
  let folder: string;
  let renderer: SharpRenderer;
  let serial = 0;
  const save = async (bytes: Buffer) => {
    serial += 1;
    const path = join(folder, `in-${serial}`);
    await writeFile(path, bytes);
    return path;
  };
  const render = async (inputPath: string, inputFormat: string) => {
    serial += 1;
    const plan = planOf([{ op: 'resize', width: 8, height: 8 }], { width: 8, height: 8 });
    return renderer.render({ inputPath, inputFormat, plan, outputPath: join(folder, `out-${serial}`) });
  };
  const expectAlive = async () => {
    const good = await save(await jpeg());
    expect(await render(good, 'jpg')).toMatchObject({ width: 8, height: 8 });
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostile-'));
    // One child: the next job meets the same process, or its replacement.
    renderer = new SharpRenderer({ script: builtChild(), maxChildren: 1 });
  });
  afterAll(async () => {
    await renderer.close();
    await rm(folder, { recursive: true });
  });

  it.each(refused)('$file is refused, and the next job works', async ({ format, bytes, error }) => {
    const path = await save(await bytes());
    await expect(renderer.probe(path, { verify: true })).rejects.toMatchObject(error);
    await expect(render(path, format)).rejects.toMatchObject(error);
    await expectAlive();
  });

  it('the kind alone is told of what is too large to decode', async () => {
    const path = await save(hostile.pngBomb(50_000, 50_000));
    const kind = { kind: 'image', format: 'png', decodable: true, media: null };
    expect(await renderer.probe(path, { kindOnly: true })).toEqual(kind);
  });

  it('too many frames are refused', async () => {
    const path = await save(await hostile.animatedGif(MAX_FRAMES + 1, 4));
    await expect(renderer.probe(path)).rejects.toMatchObject(limit('frames', MAX_FRAMES + 1, MAX_FRAMES));
    expect(await renderer.probe(path, { kindOnly: true })).toMatchObject({ kind: 'image', media: null });
    const most = await save(await hostile.animatedGif(MAX_FRAMES, 4));
    expect(await renderer.probe(most, { verify: true })).toMatchObject({ media: { pages: MAX_FRAMES } });
  });

  it('the pixels of all frames count', async () => {
    const path = await save(await hostile.animatedGif(70, 1000));
    await expect(renderer.probe(path)).rejects.toMatchObject(limit('pixels', 70_000_000, MAX_DECODE_PIXELS));
  });

  it.each([
    ['zero bytes', Buffer.alloc(0), { kind: 'raw', format: null }],
    [
      'text',
      Buffer.from('BM is how this text begins, and it is not a bitmap at all'),
      { kind: 'raw', format: null },
    ],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), { kind: 'raw', format: 'html' }],
    ['HTML with an SVG in it', Buffer.from('<html><svg></svg></html>'), { kind: 'raw', format: 'html' }],
    ['a PDF', Buffer.from('%PDF-1.7\n'), { kind: 'image', format: 'pdf', decodable: false, media: null }],
    ['broken SVG', Buffer.from('<svg><g></svg>'), { kind: 'image', format: 'svg', media: null }],
    ['a ZIP', Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]), { kind: 'raw', format: 'zip' }],
  ])('%s is what it is', async (_, bytes, expected) => {
    expect(await renderer.probe(await save(bytes))).toMatchObject(expected);
    await expectAlive();
  });

  it('a JPEG with a page behind it is a JPEG, and its rendition has no page', async () => {
    const polyglot = Buffer.concat([await jpeg(), Buffer.from('<html><script>alert(1)</script></html>')]);
    const path = await save(polyglot);
    expect(await renderer.probe(path, { verify: true })).toMatchObject({ kind: 'image', format: 'jpg' });
    const outputPath = join(folder, 'polyglot.jpg');
    const plan = planOf([], { width: 200, height: 200 }, { format: 'jpg' });
    await renderer.render({ inputPath: path, inputFormat: 'jpg', plan, outputPath });
    expect((await sharp(outputPath).toBuffer()).includes('script')).toBe(false);
  });

  it.each(Object.entries(hostile.hostileSvgs))(
    'SVG with %s is drawn without it',
    async (_, { svg: source }) => {
      expect(await render(await save(Buffer.from(source)), 'svg')).toMatchObject({ width: 8, height: 8 });
    },
  );

  it('an SVG cannot show a file that lies next to it', async () => {
    const red = await sharp({ create: { width: 20, height: 20, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await writeFile(join(folder, 'secret.png'), red);
    for (const href of ['secret.png', `file://${folder}/secret.png`, join(folder, 'secret.png')]) {
      const path = await save(svg(20, 20, `<image href="${href}" width="20" height="20"/>`));
      const outputPath = `${path}.png`;
      await renderer.render({
        inputPath: path,
        inputFormat: 'svg',
        plan: planOf([], { width: 20, height: 20 }),
        outputPath,
      });
      const { channels } = await sharp(outputPath).stats();
      expect(channels.map(({ max }) => max)).toEqual([0, 0, 0, 0]);
    }
  });

  it('bytes of another format than the probed one do not reach an SVG loader', async () => {
    await expect(render(await save(svg(20, 20)), 'png')).rejects.toMatchObject(undecodable);
  });
});
