import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MASTER_KEY_BYTES } from './secret-box.js';

export const MASTER_KEY_FILE = 'master.key';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const ANYONE_ELSE = 0o077;
const HEX_KEY = /^[0-9a-f]{64}$/i;
/** 32 bytes in base64 (RFC 4648 sections 4 and 5), with or without padding. */
const BASE64_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;

/** The master key cannot be used. The message says what to do and never holds the key. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

/**
 * The key that all stored secrets are sealed with: from the environment (`COUNTERSEAL_MASTER_KEY`) when given, else from
 * `master.key` in the data folder, which is made at the first start. Of several processes that start at once all get the same.
 */
export async function loadMasterKey(source: {
  dataDir: string;
  fromEnvironment: string | null;
}): Promise<Buffer> {
  if (source.fromEnvironment !== null) {
    const key = decodeKey(source.fromEnvironment);
    if (key === null) {
      throw new MasterKeyError('COUNTERSEAL_MASTER_KEY must be 64 hex digits or 32 bytes in base64');
    }
    return key;
  }
  await mkdir(source.dataDir, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const path = join(source.dataDir, MASTER_KEY_FILE);
  const existing = await readKeyFile(path);
  if (existing !== null) return existing;
  await makeKeyFile(source.dataDir, path);
  const made = await readKeyFile(path);
  if (made === null) throw new MasterKeyError(`${path} vanished while the server started`);
  return made;
}

function decodeKey(text: string): Buffer | null {
  const trimmed = text.trim();
  if (HEX_KEY.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (BASE64_KEY.test(trimmed)) return Buffer.from(trimmed, 'base64');
  return null;
}

/** Null when there is no file. Permissions are read from the open file, so they are those of the bytes that are used. */
async function readKeyFile(path: string): Promise<Buffer | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(nullIf('ENOENT'));
  if (file === null) return null;
  try {
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & ANYONE_ELSE) !== 0) {
      throw new MasterKeyError(
        `${path} can be read or changed by others (mode ${(mode & 0o777).toString(8)}). ` +
          'Run chmod 600 on it; if others could have read it, create new API keys',
      );
    }
    const key = decodeKey(await file.readFile('utf8'));
    if (key === null) {
      throw new MasterKeyError(`${path} does not hold a key (64 hex digits): restore it from a backup`);
    }
    return key;
  } finally {
    await file.close();
  }
}

/**
 * Writes a new key under a passing name, makes it durable, and gives it its real name by `link`, which fails when another
 * process was first: the name never shows half a key, and no key is ever replaced.
 */
async function makeKeyFile(folderPath: string, path: string): Promise<void> {
  const passing = join(folderPath, `.${MASTER_KEY_FILE}.${randomBytes(8).toString('hex')}`);
  try {
    const file = await open(passing, 'wx', OWNER_ONLY_FILE);
    try {
      await file.writeFile(`${randomBytes(MASTER_KEY_BYTES).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(passing, path).catch(nullIf('EEXIST'));
  } finally {
    await unlink(passing).catch(nullIf('ENOENT'));
  }
  const folder = await open(folderPath, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** For `catch`: the expected failure becomes null, others stay failures. */
function nullIf(code: string): (error: unknown) => null {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === code) return null;
    throw error;
  };
}
