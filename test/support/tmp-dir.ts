import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder. Whoever asked for it calls `remove`. */
export async function tmpDir(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'counterseal-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
