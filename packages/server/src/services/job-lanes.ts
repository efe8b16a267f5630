/**
 * How many jobs of a kind one process runs at once. Each kind has places of its own, so that none holds another up: what waits for a
 * remote host costs little, what decodes pictures shares the renderers anyway.
 */
export const jobsAtOnce = {
  /** An upload whose bytes are kept here. */
  upload: 2,
  /** An upload by URL, which is still to be loaded. */
  'upload-url': 4,
  /** The derivatives of `eager_async`. */
  eager: 2,
} as const;

export type JobKind = keyof typeof jobsAtOnce;

export const jobKinds = Object.keys(jobsAtOnce) as readonly JobKind[];
