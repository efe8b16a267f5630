/** Every cap on untrusted media in one place, with its unit (threat model T16, T17, T18). Tested at the boundary. */

const MEGAPIXEL = 1_000_000;

/** One decoded picture: JPEG, PNG, WebP, TIFF; for GIF and animated WebP the sum over all frames. */
export const MAX_DECODE_PIXELS = 64 * MEGAPIXEL;
/** AVIF costs about twenty times the memory of a JPEG of the same size, so its cap is the lowest. */
export const MAX_AVIF_PIXELS = 16 * MEGAPIXEL;
/** SVG, at its natural size and at the size asked for. */
export const MAX_SVG_PIXELS = 16 * MEGAPIXEL;
/** What any step of a plan may produce, over all frames. */
export const MAX_RESULT_PIXELS = 64 * MEGAPIXEL;
export const MAX_FRAMES = 300;

export const MAX_SVG_SOURCE_BYTES = 5_000_000;
export const MAX_SVG_ELEMENTS = 20_000;
export const MAX_SVG_DEPTH = 64;

/** Wall clock of one job in its child, after which the child is killed. */
export const DEADLINES_MS = { still: 10_000, animated: 30_000, svg: 3_000 } as const;
export type DeadlineClass = keyof typeof DEADLINES_MS;

/** A child that does not report itself ready in this time is a broken installation, not a broken picture. */
export const CHILD_START_TIMEOUT_MS = 30_000;
export const MAX_CHILDREN = 4;
/** Renders for viewers that wait; and of one of them, and of the server's own work (threat model T27). */
export const MAX_QUEUED_JOBS = 128;
export const MAX_QUEUED_JOBS_PER_CLIENT = 64;
/** A child is replaced after this many jobs ... */
export const MAX_JOBS_PER_CHILD = 500;
/** ... or when it stays this large after a job. */
export const RECYCLE_RSS_BYTES = 1024 ** 3;
/** A child this large is killed in the middle of its job. */
export const KILL_RSS_BYTES = 2 * 1024 ** 3;
export const MEMORY_WATCH_INTERVAL_MS = 100;
/** JavaScript heap of a child; pixels live outside it. */
export const CHILD_HEAP_MEGABYTES = 512;
/** Children yield to the process that answers requests. */
export const CHILD_NICENESS = 5;

const pixelCaps: Readonly<Record<string, number>> = {
  avif: MAX_AVIF_PIXELS,
  svg: MAX_SVG_PIXELS,
};

/** Pixels that may be decoded from a file of this format. */
export function maxPixelsOf(format: string): number {
  return pixelCaps[format] ?? MAX_DECODE_PIXELS;
}
