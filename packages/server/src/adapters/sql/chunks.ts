/** Values per statement; SQLite takes 32,766 parameters, PostgreSQL 65,535, and plans are made per length. */
export const CHUNK_SIZE = 500;

/** The items in portions that fit one statement. */
export function* chunks<T>(items: readonly T[], size: number = CHUNK_SIZE): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
