import sharp from 'sharp';

/**
 * The lowest sharp release whose bundled decoders have no known memory-safety advisory (threat model T18): GHSA-f88m-g3jw-g9cj
 * is fixed in 0.35.0, the libheif ones in 0.35.4.
 */
const SAFE_SHARP_VERSION = [0, 35, 4] as const;

/** Decoders that untrusted bytes may reach. SVG from a buffer only: from a path librsvg reads neighbouring files (T15). */
const allowedLoaders = [
  'VipsForeignLoadJpeg',
  'VipsForeignLoadPng',
  'VipsForeignLoadWebp',
  'VipsForeignLoadNsgif',
  'VipsForeignLoadTiff',
  'VipsForeignLoadHeif',
  'VipsForeignLoadSvgBuffer',
];

/** Sets libvips up for one untrusted job at a time. Call once per child. */
export function prepareLibvips(): void {
  if (isOlder(sharp.versions.sharp ?? '0', SAFE_SHARP_VERSION)) {
    throw new Error(
      `sharp ${sharp.versions.sharp} has known holes; ${SAFE_SHARP_VERSION.join('.')} is needed`,
    );
  }
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: allowedLoaders });
}

/** Whether `version` (`0.35.5`) is below `floor`. */
export function isOlder(version: string, floor: readonly number[]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [place, wanted] of floor.entries()) {
    const got = parts[place] ?? 0;
    if (got !== wanted) return got < wanted;
  }
  return false;
}
