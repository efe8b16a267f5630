import type { Transformation } from './language.js';

/** URL key -> the name official SDKs give it. Keys without a name of their own stay as they are. */
const sdkNames: Readonly<Record<string, string>> = {
  a: 'angle',
  ar: 'aspect_ratio',
  b: 'background',
  bo: 'border',
  c: 'crop',
  co: 'color',
  e: 'effect',
  f: 'fetch_format',
  fl: 'flags',
  g: 'gravity',
  h: 'height',
  o: 'opacity',
  q: 'quality',
  r: 'radius',
  t: 'transformation',
  w: 'width',
  z: 'zoom',
};

/**
 * Components as maps with SDK names, numbers as numbers: `[{ crop: 'scale', width: 102 }]`, the form in which the Admin API
 * answers (observed behaviours, section 7).
 */
export function describeTransformation({ components }: Transformation): Record<string, string | number>[] {
  return components.map(({ parameters }) =>
    Object.fromEntries(parameters.map(({ key, value }) => [sdkNames[key] ?? key, numberOrText(value)])),
  );
}

function numberOrText(value: string): string | number {
  return /^-?\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
}
