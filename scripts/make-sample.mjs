import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { root } from './lib/project.mjs';

/*
 * Paints packages/server/assets/sample.jpg, the photo of the first-run curl lines: a mountain lake at sunrise. The same numbers
 * give the same picture; nothing in it is anyone else's.
 */
const width = 1600;
const height = 1067;
const shore = Math.round(height * 0.66);
const sun = { x: width * 0.63, y: height * 0.44 };

/** Far to near: where the ridge stands, how high it rises, how rough it is, its colour. */
const ridges = [
  { base: 0.5, rise: 0.17, scale: 260, seed: 11, color: [152, 150, 178] },
  { base: 0.56, rise: 0.16, scale: 330, seed: 23, color: [108, 114, 150] },
  { base: 0.61, rise: 0.12, scale: 240, seed: 37, color: [70, 82, 116] },
  { base: 0.655, rise: 0.07, scale: 170, seed: 53, color: [38, 52, 74] },
];

const skyStops = [
  [0, [58, 92, 152]],
  [0.35, [136, 160, 196]],
  [0.52, [244, 204, 168]],
  [0.62, [255, 176, 120]],
  [1, [236, 140, 104]],
];

const ridgeTops = ridges.map((ridge) => Float64Array.from({ length: width }, (_, x) => topOf(ridge, x)));
const pixels = Buffer.alloc(width * height * 3);
for (let y = 0; y < height; y += 1)
  for (let x = 0; x < width; x += 1) {
    const color = y < shore ? scene(x, y) : water(x, y);
    const grain = (random(x, y, 7) - 0.5) * 5;
    for (let band = 0; band < 3; band += 1)
      pixels[(y * width + x) * 3 + band] = Math.max(0, Math.min(255, Math.round(color[band] + grain)));
  }
raiseBanks();
plantTrees();

const path = join(root, 'packages/server/assets/sample.jpg');
mkdirSync(dirname(path), { recursive: true });
const { size } = await sharp(pixels, { raw: { width, height, channels: 3 } })
  .jpeg({ quality: 82, progressive: true })
  .toFile(path);
process.stdout.write(`${path}: ${width} x ${height}, ${size} bytes\n`);

function scene(x, y) {
  const ridge = ridgeTops.findLastIndex((tops) => y >= tops[x]);
  if (ridge === -1) return sky(x, y);
  const depth = (y - ridgeTops[ridge][x]) / (height * 0.2);
  const texture = 0.88 + 0.24 * fractal(x / 34, y / 26, ridges[ridge].seed);
  const rock = ridges[ridge].color.map((value) => value * texture);
  const mist = Math.min(0.75, Math.max(0, depth) * 0.7) * (1 - ridge * 0.16);
  const snow = ridge === 0 ? Math.max(0, 0.75 - depth * 5) * fractal(x / 22, y / 40, 91) : 0;
  return mix(mix(rock, [238, 200, 180], mist), [255, 238, 226], snow);
}

function sky(x, y) {
  const clouds =
    Math.max(0, fractal(x / 330, y / 62, 3) - 0.5) * 1.7 * Math.max(0, 1 - Math.abs(y / height - 0.26) * 3.2);
  const distance = Math.hypot(x - sun.x, y - sun.y);
  const glow = Math.exp(-distance / 230) * 0.85;
  const disc = Math.min(1, Math.max(0, 44 - distance) / 3);
  const lit = mix(gradient(skyStops, y / shore), [255, 226, 196], Math.min(0.85, clouds));
  return mix(mix(lit, [255, 226, 170], glow), [255, 250, 232], disc);
}

/** The scene upside down, broken by ripples that grow towards us. */
function water(x, y) {
  const depth = (y - shore) / (height - shore);
  const sway = (fractal(x / 90, y / (5 + depth * 16), 61) - 0.5) * (6 + depth * 90);
  const mirrorY = Math.max(0, Math.min(shore - 1, Math.round(shore - 1 - (y - shore) * 1.35 + sway * 0.6)));
  const mirrorX = Math.max(0, Math.min(width - 1, Math.round(x + sway)));
  const ripple = 0.86 + 0.22 * fractal(x / (26 + depth * 60), y / (2.5 + depth * 5), 71);
  return mix(scene(mirrorX, mirrorY), [24, 52, 82], 0.28 + depth * 0.34).map((value) => value * ripple);
}

function topOf({ base, rise, scale, seed }, x) {
  const shape =
    fractal(x / scale, 0.5, seed) * 0.75 + Math.abs(fractal(x / (scale * 0.42), 4.5, seed + 1) - 0.5) * 0.6;
  return height * (base - rise * (shape - 0.3) * 1.5);
}

/** Where the near land ends at this column: deepest at the edges of the picture, none in the middle. */
function bankAt(x) {
  const edge = Math.min(x, width - x) / width;
  const reach = Math.max(0, 1 - edge / (x < width / 2 ? 0.36 : 0.3));
  return shore + 190 * reach ** 0.8 + (reach > 0 ? 14 * fractal(x / 40, 2.5, 95) : 0);
}

function raiseBanks() {
  for (let x = 0; x < width; x += 1)
    for (let y = shore - 6; y < bankAt(x) && bankAt(x) > shore + 8; y += 1) {
      const light = 0.6 + 0.7 * fractal(x / 19, y / 7, 96) * (0.7 + 0.6 * random(x, y, 97));
      for (const [band, value] of [25, 38, 38].entries())
        pixels[(y * width + x) * 3 + band] = Math.round(value * light);
    }
}

/** Dark spruces on both banks. */
function plantTrees() {
  const count = 46;
  for (let index = 0; index < count; index += 1) {
    const side =
      index % 2 === 0 ? random(index, 1, 81) ** 1.7 * 0.34 : 1 - random(index, 2, 82) ** 1.9 * 0.26;
    const size = 90 + random(index, 3, 83) * 190 * (1 - Math.min(side, 1 - side) * 2);
    const foot = shore + 4 + (bankAt(side * width) - shore) * (0.15 + 0.75 * random(index, 4, 84));
    paintTree(side * width, foot, size, 0.7 + random(index, 5, 85) * 0.5);
  }
}

function paintTree(centre, foot, size, tone) {
  for (let row = 0; row < size; row += 1) {
    const y = Math.round(foot - size + row);
    if (y < 0 || y >= height) continue;
    const boughs = 0.62 + 0.38 * Math.abs(Math.sin(row / (size / 16)));
    const reach = (row / size) * size * 0.19 * boughs * (0.8 + 0.4 * random(row, Math.round(centre), 86));
    for (let x = Math.round(centre - reach); x <= centre + reach; x += 1) {
      if (x < 0 || x >= width) continue;
      const light = tone * (0.75 + 0.5 * random(x, y, 87)) * (x > centre ? 1.15 : 0.9);
      const at = (y * width + x) * 3;
      for (const [band, value] of [17, 30, 34].entries())
        pixels[at + band] = Math.min(255, Math.round(value * light));
    }
  }
}

function gradient(stops, share) {
  const next = stops.findIndex(([at]) => at >= share);
  if (next <= 0) return stops.at(next)[1];
  const [[from, a], [to, b]] = [stops[next - 1], stops[next]];
  return mix(a, b, (share - from) / (to - from));
}

function mix(a, b, share) {
  return a.map((value, band) => value + (b[band] - value) * share);
}

/** Smooth noise of four octaves, 0 to 1. */
function fractal(x, y, seed) {
  let sum = 0;
  for (let octave = 0; octave < 4; octave += 1)
    sum += noise(x * 2 ** octave, y * 2 ** octave, seed + octave * 101) / 2 ** (octave + 1);
  return sum / 0.9375;
}

function noise(x, y, seed) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(x - left), smooth(y - top)];
  const upper = random(left, top, seed) * (1 - u) + random(left + 1, top, seed) * u;
  const lower = random(left, top + 1, seed) * (1 - u) + random(left + 1, top + 1, seed) * u;
  return upper * (1 - v) + lower * v;
}

function smooth(share) {
  return share * share * (3 - 2 * share);
}

/** 0 to 1, the same for the same three numbers. */
function random(x, y, seed) {
  let bits = Math.imul(x, 374_761_393) ^ Math.imul(y, 668_265_263) ^ Math.imul(seed, 2_147_483_647 - 61);
  bits = Math.imul(bits ^ (bits >>> 13), 1_274_126_177);
  return ((bits ^ (bits >>> 16)) >>> 0) / 4_294_967_296;
}
