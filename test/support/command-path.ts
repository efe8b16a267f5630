import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const builtFile = (path: string) => fileURLToPath(new URL(`../../packages/${path}`, import.meta.url));

/** The command as it is published, and in a few files as `npm start` and `npm test` make it: that one starts in half the time. */
const modules = builtFile('cli/dist/main.js');
const bundled = builtFile('cli/dist/bundle/main.js');
/** The compiler touches these when it changes anything. */
const compiled = ['cli', 'server', 'signer', 'protocol'].map((name) =>
  builtFile(`${name}/dist/.tsbuildinfo`),
);

/** The built command; never a bundle of what has been compiled anew since. */
export function commandPath(): string {
  const isCurrent = compiled.every((path) => changedAtMs(path) < changedAtMs(bundled));
  return isCurrent ? bundled : modules;
}

function changedAtMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
