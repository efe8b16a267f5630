import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** One line about progress. On stderr, so that stdout carries only what was asked for. */
export function say(text) {
  process.stderr.write(`counterseal: ${text}\n`);
}
