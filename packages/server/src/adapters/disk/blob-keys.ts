import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** 128 bits, as 32 hex digits: never guessed, never repeated. */
const RANDOM_BYTES = 16;
const areaLetters = { original: 'o', derived: 'd' } as const;

const blobKeyPattern = /^[od]-[0-9a-f]{32}$/;
const shardPattern = /^[0-9a-f]{2}$/;
const stagedNamePattern = /^[0-9a-f]{32}$/;

/** A key that no {@link newBlobKey} made. Raised before any path is built from it (threat model T10). */
export class InvalidBlobKeyError extends Error {
  override readonly name = 'InvalidBlobKeyError';
}

/** A fresh final key: the area's letter, a dash, 32 hex digits. */
export function newBlobKey(area: keyof typeof areaLetters): string {
  return `${areaLetters[area]}-${newStagedName()}`;
}

/** A fresh file name for the staging folder. */
export function newStagedName(): string {
  return randomBytes(RANDOM_BYTES).toString('hex');
}

export function isBlobKey(text: string): boolean {
  return blobKeyPattern.test(text);
}

export function isShard(text: string): boolean {
  return shardPattern.test(text);
}

/** Every folder that {@link shardOf} may answer. */
export function allShards(): string[] {
  return Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));
}

export function isStagedName(text: string): boolean {
  return stagedNamePattern.test(text);
}

/** The folder a key lives in: the first two of its random digits. Throws {@link InvalidBlobKeyError}. */
export function shardOf(key: string): string {
  if (!isBlobKey(key)) throw new InvalidBlobKeyError('not a blob key');
  return key.slice(2, 4);
}

/** The only place where a key becomes a path. Throws {@link InvalidBlobKeyError}. */
export function blobPath(blobsFolder: string, key: string): string {
  return join(blobsFolder, shardOf(key), key);
}
