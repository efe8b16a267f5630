import sharp from 'sharp';

const [width, height] = [4032, 3024];
const leaves = 3_000;
const smallestRadius = 12;
const largestRadius = 900;

let made = null;

/**
 * A 12-megapixel JPEG (4032 x 3024, 4:2:0, quality 90): discs of all sizes that lie over each other, which have the edges and the
 * spectrum of a real scene ("dead leaves"), under the grain of a sensor. The same numbers give the same picture.
 */
export function bigPhoto() {
  made ??= paint();
  return made;
}

async function paint() {
  const pixels = await sharp(Buffer.from(discs())).removeAlpha().raw().toBuffer();
  const random = generator(7);
  const grain = Uint8Array.from({ length: 1 << 20 }, () => random() * 256);
  for (let at = 0; at < pixels.length; at += 1) {
    // Two throws gather round zero; the second step is odd, so that rows do not repeat.
    const noise = ((grain[at % grain.length] + grain[(at * 7 + 3) % grain.length]) >> 4) - 16;
    pixels[at] = Math.max(0, Math.min(255, pixels[at] + noise));
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90, chromaSubsampling: '4:2:0' })
    .toBuffer();
}

function discs() {
  const random = generator(1);
  const whole = (below) => Math.floor(random() * below);
  const disc = () => {
    // The number of discs falls with the cube of the radius: as many edges at every scale.
    const share = random() * (1 / smallestRadius ** 2 - 1 / largestRadius ** 2);
    const radius = 1 / Math.sqrt(share + 1 / largestRadius ** 2);
    const light = 20 + whole(200);
    const color = [0, 1, 2].map(() => Math.max(0, Math.min(255, light + whole(70) - 35)));
    return `<circle cx="${whole(width)}" cy="${whole(height)}" r="${radius.toFixed(1)}" fill="rgb(${color})"/>`;
  };
  const all = Array.from({ length: leaves }, disc).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#889"/>${all}</svg>`;
}

/** A small linear congruential generator (Numerical Recipes): 0 to 1, repeatable. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Mean difference of two pictures in levels of 255; Infinity when their sizes differ. */
export async function difference(left, right) {
  const [a, b] = await Promise.all(
    [left, right].map((data) =>
      sharp(data).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
    ),
  );
  if (a.info.width !== b.info.width || a.info.height !== b.info.height) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let at = 0; at < a.data.length; at += 1) sum += Math.abs(a.data[at] - b.data[at]);
  return sum / a.data.length;
}
