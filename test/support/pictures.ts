import sharp, { type Sharp } from 'sharp';

/** Pictures with known pixels, made here: nothing is downloaded and nothing is a file in the repository. */

export type Rgb = readonly [number, number, number];

export const red: Rgb = [220, 20, 20];
export const green: Rgb = [20, 200, 20];
export const blue: Rgb = [20, 20, 220];
export const yellow: Rgb = [230, 220, 20];
export const white: Rgb = [255, 255, 255];

type Format = 'jpg' | 'png' | 'webp' | 'gif' | 'tiff';

/** Of one colour. */
export function plain(
  width: number,
  height: number,
  { color = red, format = 'png' }: { color?: Rgb; format?: Format } = {},
): Promise<Buffer> {
  return encode(sharp({ create: { width, height, channels: 3, background: css(color) } }), format);
}

/** Four quarters: red, green above; blue, yellow below. */
export async function quarters(
  width: number,
  height: number,
  { format = 'png', orientation }: { format?: Format; orientation?: number } = {},
): Promise<Buffer> {
  const [left, top] = [Math.floor(width / 2), Math.floor(height / 2)];
  const tile = (color: Rgb, x: number, y: number) => ({
    input: { create: { width: left, height: top, channels: 3 as const, background: css(color) } },
    left: x,
    top: y,
  });
  const picture = sharp({ create: { width, height, channels: 3, background: 'white' } }).composite([
    tile(red, 0, 0),
    tile(green, left, 0),
    tile(blue, 0, top),
    tile(yellow, left, top),
  ]);
  return encode(orientation === undefined ? picture : picture.withMetadata({ orientation }), format);
}

/** Half transparent, half red. */
export function halfTransparent(width: number, height: number): Promise<Buffer> {
  const half = {
    create: { width: Math.floor(width / 2), height, channels: 4 as const, background: css(red) },
  };
  return sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite([{ input: half, left: 0, top: 0 }])
    .png()
    .toBuffer();
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly hasAlpha: boolean;
  /** Colour at a point; the last number is alpha when there is one. */
  at(x: number, y: number): readonly number[];
}

/** Decodes what came back; it is not turned by its EXIF orientation. */
export async function readPixels(bytes: Uint8Array): Promise<Pixels> {
  const { format = '', hasAlpha = false } = await sharp(bytes).metadata();
  const { data, info } = await sharp(bytes).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    format,
    hasAlpha,
    at: (x, y) => {
      const start = (y * info.width + x) * info.channels;
      return [...data.subarray(start, start + info.channels)];
    },
  };
}

/** Largest difference of a channel. */
export function distance(found: readonly number[], wanted: readonly number[]): number {
  return Math.max(...wanted.map((channel, index) => Math.abs(channel - (found[index] ?? 999))));
}

function encode(picture: Sharp, format: Format): Promise<Buffer> {
  return encoders[format](picture).toBuffer();
}

const encoders: Readonly<Record<Format, (picture: Sharp) => Sharp>> = {
  jpg: (picture) => picture.jpeg({ quality: 92 }),
  png: (picture) => picture.png(),
  webp: (picture) => picture.webp(),
  gif: (picture) => picture.gif(),
  tiff: (picture) => picture.tiff(),
};

function css([red, green, blue]: Rgb): string {
  return `rgb(${red},${green},${blue})`;
}
