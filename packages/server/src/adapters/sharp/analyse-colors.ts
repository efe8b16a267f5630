import type { AnalysisResult } from '../../ports/renderer.js';
import type { Raster } from './raster.js';

type ColorAnalysis = NonNullable<AnalysisResult['colors']>;
type Rgb = readonly [number, number, number];

const MAX_COLORS = 32;
/** Pixels whose bands agree in this many leading bits are one colour; the answer shows their mean. */
const BITS_PER_BAND = 3;

/** The palette behind `predominant.google`: the colours an image search lets one choose from. */
const palette: readonly (readonly [string, Rgb])[] = [
  ['black', [0, 0, 0]],
  ['white', [255, 255, 255]],
  ['gray', [128, 128, 128]],
  ['red', [214, 28, 28]],
  ['orange', [255, 150, 20]],
  ['yellow', [245, 225, 40]],
  ['green', [40, 150, 50]],
  ['teal', [20, 150, 150]],
  ['blue', [40, 80, 210]],
  ['purple', [125, 50, 165]],
  ['pink', [245, 130, 180]],
  ['brown', [125, 80, 40]],
];

/** `colors` and `predominant` of an upload answer (upload-api reference, section 4.2): most frequent first, in percent. */
export function analyseColors(raster: Raster): ColorAnalysis {
  const pixels = raster.width * raster.height;
  const buckets = countColors(raster);
  const percentOf = (count: number) => Math.round((count / pixels) * 1000) / 10;
  const hasTransparency = buckets.some(({ alpha }) => alpha < 255);

  const named = new Map<string, number>();
  for (const { rgb, count } of buckets) {
    const name = nearestName(rgb);
    named.set(name, (named.get(name) ?? 0) + count);
  }
  return {
    colors: buckets
      .slice(0, MAX_COLORS)
      .map(({ rgb, alpha, count }) => [toHex(hasTransparency ? [...rgb, alpha] : rgb), percentOf(count)]),
    predominant: {
      google: [...named]
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]): [string, number] => [name, percentOf(count)])
        .filter(([, percent]) => percent > 0),
    },
  };
}

interface Bucket {
  readonly rgb: Rgb;
  readonly alpha: number;
  readonly count: number;
}

function countColors({ data, channels }: Raster): Bucket[] {
  const sums = new Map<number, { r: number; g: number; b: number; alpha: number; count: number }>();
  const shift = 8 - BITS_PER_BAND;
  for (let at = 0; at < data.length; at += channels) {
    const [r = 0, g = 0, b = 0] = [data[at], data[at + 1], data[at + 2]];
    const alpha = channels === 4 ? (data[at + 3] ?? 0) : 255;
    const key = [r, g, b, alpha].reduce((bits, band) => (bits << BITS_PER_BAND) | (band >> shift), 0);
    const sum = sums.get(key) ?? { r: 0, g: 0, b: 0, alpha: 0, count: 0 };
    sums.set(key, sum);
    sum.r += r;
    sum.g += g;
    sum.b += b;
    sum.alpha += alpha;
    sum.count += 1;
  }
  return [...sums.values()]
    .map(({ r, g, b, alpha, count }) => {
      const mean = (sum: number) => Math.round(sum / count);
      return { rgb: [mean(r), mean(g), mean(b)] as const, alpha: mean(alpha), count };
    })
    .sort((a, b) => b.count - a.count);
}

function nearestName(rgb: Rgb): string {
  let nearest = { name: 'black', distance: Number.POSITIVE_INFINITY };
  for (const [name, candidate] of palette) {
    const distance = perceivedDistance(rgb, candidate);
    if (distance < nearest.distance) nearest = { name, distance };
  }
  return nearest.name;
}

/** Squared distance with weights that follow the mean red: close to perception without leaving RGB. */
function perceivedDistance([r1, g1, b1]: Rgb, [r2, g2, b2]: Rgb): number {
  const meanRed = (r1 + r2) / 2;
  return (
    (2 + meanRed / 256) * (r1 - r2) ** 2 + 4 * (g1 - g2) ** 2 + (2 + (255 - meanRed) / 256) * (b1 - b2) ** 2
  );
}

function toHex(bands: readonly number[]): string {
  return `#${bands.map((band) => band.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
}
