import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StaticFile, StaticFiles } from '../../ports/static-files.js';

const compress = promisify(gzip);

/** Plain relative names: no empty segment, none that starts with a dot. */
const plainName = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** The files of one folder of an installed package. Kept in memory; read again when they change, as they do while developing. */
export function openPackageFiles(folder: string): StaticFiles {
  const kept = new Map<string, StaticFile>();
  return {
    async read(name) {
      if (!plainName.test(name)) return null;
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      if (found === null || !found.isFile()) return null;
      const known = kept.get(name);
      if (known?.modifiedAtMs === found.mtimeMs) return known;
      const bytes = await readFile(path);
      const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
      const file = {
        bytes,
        gzipped: await compress(bytes),
        etag: `"${digest}"`,
        modifiedAtMs: found.mtimeMs,
      };
      kept.set(name, file);
      return file;
    },
  };
}
