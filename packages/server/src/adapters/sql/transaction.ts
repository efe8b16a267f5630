import type { Transaction } from 'kysely';
import { StorageFullError } from '../../ports/blob-store.js';
import { DuplicateError, type IoOptions } from '../../ports/io.js';
import type { Database } from './database.js';
import type { Schema } from './schema.js';

/**
 * Runs `work` as one durable transaction: when the promise resolves, all of it survives a power cut; when it rejects, nothing
 * was changed. An abort is heard until the moment before the commit. Engine errors become those of the ports.
 */
export async function inTransaction<T>(
  { writes, dialect }: Pick<Database, 'writes' | 'dialect'>,
  { signal }: IoOptions,
  work: (trx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await writes.transaction().execute(async (trx) => {
      signal?.throwIfAborted();
      const result = await work(trx);
      signal?.throwIfAborted();
      return result;
    });
  } catch (error) {
    throw asPortError(error, dialect.meaning(error));
  }
}

function asPortError(error: unknown, meaning: 'duplicate' | 'full' | null): unknown {
  switch (meaning) {
    case 'duplicate':
      return new DuplicateError('a unique name is taken', { cause: error });
    case 'full':
      return new StorageFullError('the database cannot grow', { cause: error });
    case null:
      return error;
    default:
      return meaning satisfies never;
  }
}
