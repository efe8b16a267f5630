import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from './analyse.js';
import { noise } from './hostile-files.test-support.js';

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyse-'));
  await sharp({ create: { width: 100, height: 100, channels: 3, background: '#ff0000' } })
    .composite([
      { input: { create: { width: 100, height: 25, channels: 3, background: '#ffffff' } }, top: 0, left: 0 },
    ])
    .png()
    .toFile(path('flag.png'));
  await sharp({
    create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 255, alpha: 0.5 } },
  })
    .png()
    .toFile(path('glass.png'));
  await noise(300, 200)
    .jpeg()
    .withExif({
      IFD0: { Make: 'Maker', Model: 'One\u0007Two' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
    })
    .withMetadata({ orientation: 6, density: 300 })
    .toFile(path('photo.jpg'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('analyse', () => {
  it('counts colours, most frequent first, in percent', async () => {
    const { colors } = await analyse({ inputPath: path('flag.png'), inputFormat: 'png', want: ['colors'] });
    expect(colors).toEqual({
      colors: [
        ['#FF0000', 75],
        ['#FFFFFF', 25],
      ],
      predominant: {
        google: [
          ['red', 75],
          ['white', 25],
        ],
      },
    });
  });

  it('writes eight digits when there is alpha', async () => {
    const { colors } = await analyse({ inputPath: path('glass.png'), inputFormat: 'png', want: ['colors'] });
    expect(colors?.colors).toEqual([['#0000FF80', 100]]);
  });

  it('gives a hash that survives another size and format', async () => {
    const drawing = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#ace"/><circle cx="90" cy="70" r="60" fill="#421"/><path d="M0 200L160 90L300 200z" fill="#274"/></svg>',
    );
    await sharp(drawing).jpeg().toFile(path('drawing.jpg'));
    await sharp(drawing).resize(120).webp({ quality: 50 }).toFile(path('copy.webp'));
    const hashOf = async (name: string, inputFormat: string) =>
      (await analyse({ inputPath: path(name), inputFormat, want: ['phash'] })).phash ?? '';
    const [original, copy, other] = [
      await hashOf('drawing.jpg', 'jpg'),
      await hashOf('copy.webp', 'webp'),
      await hashOf('flag.png', 'png'),
    ];
    expect(original).toMatch(/^[0-9a-f]{16}$/);
    expect(distance(original, copy)).toBeLessThanOrEqual(4);
    expect(distance(original, other)).toBeGreaterThan(12);
    expect(await hashOf('glass.png', 'png')).toMatch(/^[0-9a-f]{16}$/);
  });

  it('tells what the file says of itself, in strings', async () => {
    const { metadata } = await analyse({
      inputPath: path('photo.jpg'),
      inputFormat: 'jpg',
      want: ['metadata'],
    });
    expect(metadata?.image_metadata).toMatchObject({
      Make: 'Maker',
      Model: 'One Two',
      DPI: '300',
      Colorspace: 'RGB',
      GPSLatitude: '51, 30, 0',
    });
    expect(Object.values(metadata?.image_metadata ?? {}).every((value) => typeof value === 'string')).toBe(
      true,
    );
    expect(metadata).toMatchObject({ grayscale: false, semi_transparent: false });
    expect(metadata?.illustration_score).toBeLessThan(0.2);
  });

  it('knows a drawing, a grey picture and a transparent one', async () => {
    const metadataOf = async (name: string) =>
      (await analyse({ inputPath: path(name), inputFormat: 'png', want: ['metadata'] })).metadata;
    expect((await metadataOf('flag.png'))?.illustration_score).toBeGreaterThan(0.9);
    expect((await metadataOf('glass.png'))?.semi_transparent).toBe(true);
    await sharp(path('photo.jpg')).greyscale().png().toFile(path('grey.png'));
    expect((await metadataOf('grey.png'))?.grayscale).toBe(true);
  });

  it('does only what is asked', async () => {
    expect(await analyse({ inputPath: path('flag.png'), inputFormat: 'png', want: [] })).toEqual({});
  });
});

function distance(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
}
