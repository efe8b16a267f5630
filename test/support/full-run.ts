/** `npm run test:full`: the long crash runs, and what has to build whole applications first. */
export const isFullRun = process.env.COUNTERSEAL_TEST_FULL === '1';
