import type { HTMLImgAttributes } from 'svelte/elements';
import type { CloudinaryConfig } from '../cloudinary-config.js';
import { type CldImageOptions, imageOptionNames, imageUrl, refuseNotBuilt } from './get-cld-image-url.js';

/** Options of the image, and attributes of its element. */
export type CldImageProps = CldImageOptions &
  Omit<HTMLImgAttributes, keyof CldImageOptions | 'srcset' | 'alt'> & {
    /** What it shows, for those who do not see it; empty for decoration. */
    readonly alt: string;
    readonly config?: CloudinaryConfig | undefined;
  };

/** Widths that browsers may choose from, in pixels: those of common screens, so that few different images are made. */
const widthsPx = [320, 640, 960, 1280, 1920, 2560, 3840];

/** Wider than twice its place no screen shows it. */
const largestFactor = 2;

/** Attributes of `<img>`: one address for each width, and how wide it will be. */
export function imageAttributes(
  props: Readonly<Record<string, unknown>>,
  config: CloudinaryConfig,
): HTMLImgAttributes {
  refuseNotBuilt(props);
  const entries = Object.entries(props).filter(([name]) => name !== 'config');
  const isOption = ([name]: readonly [string, unknown]) => imageOptionNames.has(name);
  const options = Object.fromEntries(entries.filter(isOption)) as unknown as CldImageOptions;
  const own = Object.fromEntries(entries.filter((entry) => !isOption(entry)));
  const width = numberOf(options.width);
  const height = numberOf(options.height);
  const urlOf = (widthPx: number) => imageUrl({ ...options, ...scaled({ width, height }, widthPx) }, config);
  const widths = width === undefined ? widthsPx : candidates(width);
  return {
    loading: 'lazy',
    decoding: 'async',
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    sizes: width === undefined ? '100vw' : `(min-width: ${width}px) ${width}px, 100vw`,
    ...own,
    src: imageUrl({ ...options, width, height }, config),
    srcset: widths.map((widthPx) => `${urlOf(widthPx)} ${widthPx}w`).join(', '),
  };
}

function candidates(width: number): number[] {
  const smaller = widthsPx.filter((each) => each < width * largestFactor);
  return [...new Set([...smaller, width, width * largestFactor])].sort((a, b) => a - b);
}

/** The same picture at another width: the height follows. */
function scaled(
  { width, height }: { width: number | undefined; height: number | undefined },
  widthPx: number,
) {
  if (width === undefined || height === undefined) return { width: widthPx, height };
  return { width: widthPx, height: Math.round((height * widthPx) / width) };
}

function numberOf(value: number | string | undefined): number | undefined {
  const number = typeof value === 'string' ? Number.parseInt(value, 10) : value;
  return number === undefined || Number.isNaN(number) ? undefined : number;
}
