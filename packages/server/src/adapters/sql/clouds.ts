import type { AccountStore } from '../../ports/account-store.js';
import type { Clock } from '../../ports/clock.js';
import type { Database } from './database.js';
import { inTransaction } from './transaction.js';

type Clouds = Pick<AccountStore, 'createCloud' | 'cloudExists' | 'listClouds' | 'cloudCreatedAtMs'>;

/** The tenants. */
export function clouds(database: Database, clock: Clock): Clouds {
  const { reads } = database;
  const createdAtMs: Clouds['cloudCreatedAtMs'] = async (name, { signal } = {}) => {
    signal?.throwIfAborted();
    const row = await reads
      .selectFrom('cloud')
      .select('created_at')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.created_at ?? null;
  };

  return {
    createCloud: (name, options = {}) =>
      inTransaction(database, options, async (trx) => {
        await trx.insertInto('cloud').values({ name, created_at: clock.now() }).execute();
      }),
    cloudExists: async (name, options) => (await createdAtMs(name, options)) !== null,
    listClouds: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await reads.selectFrom('cloud').select('name').orderBy('name').execute();
      return rows.map((row) => row.name);
    },
    cloudCreatedAtMs: createdAtMs,
  };
}
