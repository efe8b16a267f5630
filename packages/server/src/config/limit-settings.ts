import type { Setting } from './setting.js';
import { wholeNumber } from './values.js';

/** How much, how many, how long. */
export const limitSettings = {
  maxFileBytes: {
    env: 'COUNTERSEAL_MAX_FILE_BYTES',
    flag: 'max-file-bytes',
    type: 'bytes',
    default: String(1024 ** 3),
    doc: 'Largest file an upload may store.',
    schema: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  },
  maxOpenUploads: {
    env: 'COUNTERSEAL_MAX_OPEN_UPLOADS',
    flag: null,
    type: 'number',
    default: '100',
    doc: 'Unfinished chunked uploads of one API key or unsigned preset. Those under a preset that one network began may be a quarter of it.',
    schema: wholeNumber(1, 1_000_000),
  },
  maxOpenUploadBytes: {
    env: 'COUNTERSEAL_MAX_OPEN_UPLOAD_BYTES',
    flag: null,
    type: 'bytes',
    default: 'ten times COUNTERSEAL_MAX_FILE_BYTES',
    doc: 'Bytes in the unfinished chunked uploads of one API key or unsigned preset. Those under a preset that one network began may hold a quarter of it, or one file of the largest size.',
    schema: wholeNumber(1, Number.MAX_SAFE_INTEGER).nullable(),
  },
  openUploadSeconds: {
    env: 'COUNTERSEAL_OPEN_UPLOAD_SECONDS',
    flag: null,
    type: 'seconds',
    default: String(24 * 60 * 60),
    doc: 'A chunked upload that gets no chunk for so long is given up, and what was there of it is removed.',
    schema: wholeNumber(1, 30 * 24 * 60 * 60),
  },
  renderers: {
    env: 'COUNTERSEAL_RENDERERS',
    flag: null,
    type: 'number',
    default: 'one for each core, at most four',
    doc: 'Processes that decode and encode media. Each takes a picture at a time, and as much memory as that needs.',
    schema: wholeNumber(1, 64).nullable(),
  },
  minFreeBytes: {
    env: 'COUNTERSEAL_MIN_FREE_BYTES',
    flag: null,
    type: 'bytes',
    default: String(256 * 1024 ** 2),
    doc: 'With less free space on the disk of the data folder uploads are refused, and derivatives made on request are delivered but not stored. 0: only a full disk refuses.',
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  },
  maxDerivedBytes: {
    env: 'COUNTERSEAL_MAX_DERIVED_BYTES',
    flag: null,
    type: 'bytes',
    default: String(10 * 1024 ** 3),
    doc: 'What the derivatives that viewers asked for may take together; beyond it the oldest are dropped, and made again when they are asked for. Eager derivatives do not count.',
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  },
  sweepGraceSeconds: {
    env: 'COUNTERSEAL_SWEEP_GRACE_SECONDS',
    flag: null,
    type: 'seconds',
    default: String(60 * 60),
    doc: 'Files that nothing refers to (what a crash left) are removed when they are older; also the time between two sweeps. Longer than any upload takes from its last byte to its answer.',
    schema: wholeNumber(1, 7 * 24 * 60 * 60),
  },
} as const satisfies Record<string, Setting>;
