import type { Selectable } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { AccountStore, ApiKey } from '../../ports/account-store.js';
import { compileOnce, type ValueOf } from './compile-once.js';
import type { Database } from './database.js';
import { parseJson } from './json-text.js';
import type { ApiKeyTable } from './schema.js';
import type { SecretBox } from './secret-box.js';
import { inTransaction } from './transaction.js';

const MAX_OPENED_SECRETS = 1_000;

/**
 * API keys. `findKey` stands in the way of every signed request: it reads the row each time, so a key that another process
 * disabled stops working at once, and only the opening of the secret is remembered, for as long as the sealed text is the same.
 */
export function apiKeys(
  database: Database,
  box: SecretBox,
): Pick<AccountStore, 'createKey' | 'findKey' | 'listKeys' | 'disableKey'> {
  const { reads } = database;
  const opened = new LRUCache<string, { readonly sealed: string; readonly secret: string }>({
    max: MAX_OPENED_SECRETS,
  });
  const byApiKey = compileOnce(reads, (value: ValueOf<{ apiKey: string }>) =>
    reads.selectFrom('api_key').selectAll().where('api_key', '=', value('apiKey')),
  );

  function secretOf({ api_key, cloud, sealed_secret }: Selectable<ApiKeyTable>): string {
    const known = opened.get(api_key);
    if (known?.sealed === sealed_secret) return known.secret;
    const secret = box.open(sealed_secret, { apiKey: api_key, cloud });
    opened.set(api_key, { sealed: sealed_secret, secret });
    return secret;
  }

  return {
    createKey: ({ apiKey, secret, cloud, policy, createdAtMs }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        await trx
          .insertInto('api_key')
          .values({
            api_key: apiKey,
            cloud,
            sealed_secret: box.seal(secret, { apiKey, cloud }),
            policy: JSON.stringify(policy),
            disabled: 0,
            created_at: createdAtMs,
          })
          .execute();
      }),

    findKey: async (apiKey, options) => {
      const row = await byApiKey({ apiKey }, options);
      return row === undefined ? null : { ...keyFromRow(row), secret: secretOf(row) };
    },

    listKeys: async (cloud, { signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await reads
        .selectFrom('api_key')
        .selectAll()
        .$if(cloud !== null, (keys) => keys.where('cloud', '=', cloud ?? ''))
        .orderBy('created_at')
        .orderBy('api_key')
        .execute();
      return rows.map(keyFromRow);
    },

    disableKey: (apiKey, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const disabled = await trx
          .updateTable('api_key')
          .set({ disabled: 1 })
          .where('api_key', '=', apiKey)
          .executeTakeFirst();
        return disabled.numUpdatedRows === 1n;
      }),
  };
}

function keyFromRow(row: Selectable<ApiKeyTable>): Omit<ApiKey, 'secret'> {
  return {
    apiKey: row.api_key,
    cloud: row.cloud,
    policy: parseJson(row.policy),
    disabled: row.disabled === 1,
    createdAtMs: row.created_at,
  };
}
