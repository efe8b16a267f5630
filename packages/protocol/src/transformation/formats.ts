import type { OutputFormat } from './types.js';

/** Other spellings of a format name. */
const aliases = new Map([
  ['jpeg', 'jpg'],
  ['jpe', 'jpg'],
  ['tif', 'tiff'],
  ['heif', 'heic'],
]);

/** Names that are split off a public id as its extension; stored formats use the same spelling. */
const known = new Set(
  (
    'jpg png webp avif gif tiff svg bmp ico heic jxl jp2 jpc j2k jxr hdp wdp pdf ps eps eps3 ept psd ai djvu flif tga ' +
    'indd arw cr2 cr3 dng nef raf mp4 m4v mov webm avi mkv ogv flv wmv mpeg mpg mxf 3gp 3g2 ts mts m2ts m3u8 mpd ' +
    'mp3 wav ogg aac m4a flac opus aif aiff amr glb gltf usdz'
  ).split(' '),
);

/** `JPEG` -> `jpg`; null when the text is not the name of a format. */
export function canonicalFormat(name: string): string | null {
  const lower = name.toLowerCase();
  const canonical = aliases.get(lower) ?? lower;
  return known.has(canonical) ? canonical : null;
}

/** What must be known to write a format. Defaults: transformations reference, section 9.5; 100 where nothing is lost. */
export const writableFormats: Readonly<
  Record<OutputFormat, { readonly defaultQuality: number; readonly maxSide: number }>
> = {
  jpg: { defaultQuality: 80, maxSide: 65_535 },
  png: { defaultQuality: 100, maxSide: 65_535 },
  webp: { defaultQuality: 80, maxSide: 16_383 },
  avif: { defaultQuality: 50, maxSide: 16_384 },
  gif: { defaultQuality: 100, maxSide: 65_535 },
  tiff: { defaultQuality: 100, maxSide: 65_535 },
};

export function isWritable(format: string): format is OutputFormat {
  return Object.hasOwn(writableFormats, format);
}
