import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Unit and contract tests run on the sources; the black-box projects under test/ run the built server as a process. */
const sources = {
  '@counterseal/protocol': here('packages/protocol/src/index.ts'),
  '@counterseal/signer/node': here('packages/signer/src/adapters/node.ts'),
  '@counterseal/signer': here('packages/signer/src/index.ts'),
  '@counterseal/server': here('packages/server/src/index.ts'),
  '#digest': here('packages/protocol/src/signature/digest.node.ts'),
};

const blackBox = (name: string, { testTimeout = 60_000, retry = 1, isolate = true } = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 60_000, retry, isolate },
});

/**
 * Files share a process and what it has loaded, a second of it for each file; they keep nothing in modules. Not those of `sdk`: the SDK
 * is configured once for a process.
 */
const shared = { isolate: false };

/** Timing on a busy machine may fail a test once; a defect fails it every time. */
const browserRetries = 2;

export default defineConfig({
  test: {
    /** Tests mostly wait for processes that they started: with a worker for each core, cores stand idle for a third of the time. */
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        resolve: { alias: sources },
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          // Files share a process and what it has loaded: half the time, and nothing here depends on a fresh one.
          isolate: false,
          testTimeout: 30_000,
          retry: 1,
        },
      },
      blackBox('wire', shared),
      blackBox('sdk'),
      blackBox('signer'),
      blackBox('browser', { ...shared, testTimeout: 120_000, retry: browserRetries }),
      blackBox('crash', { testTimeout: 600_000, retry: 0 }),
    ],
  },
});
