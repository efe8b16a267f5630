import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const parent = fileURLToPath(new URL('../.tmp', import.meta.url));

/** A new empty folder inside this repository: programs in it find its packages. Whoever asked for it calls `remove`. */
export async function innerFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, 'inner-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
