/**
 * `npm run test:full`: the long crash runs, what has to build whole applications first, and what is shown already by one of several:
 * versions of a framework, looks of the widget.
 */
export const isFullRun = process.env.COUNTERSEAL_TEST_FULL === '1';
