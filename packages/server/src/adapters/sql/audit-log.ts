import type { AccountStore } from '../../ports/account-store.js';
import type { Database } from './database.js';
import { inTransaction } from './transaction.js';

/** The audit record (threat model T50). The engine itself refuses to change or remove an entry. Newest first. */
export function auditLog(database: Database): Pick<AccountStore, 'appendAudit' | 'listAudit'> {
  return {
    appendAudit: ({ cloud, atMs, actor, action, subject }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        await trx.insertInto('audit_entry').values({ cloud, at: atMs, actor, action, subject }).execute();
      }),

    listAudit: async (cloud, limit, { signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await database.reads
        .selectFrom('audit_entry')
        .select(['cloud', 'at', 'actor', 'action', 'subject'])
        .where('cloud', '=', cloud)
        .orderBy('entry', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ at, ...entry }) => ({ ...entry, atMs: at }));
    },
  };
}
