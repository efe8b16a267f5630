import type { AccountStore } from '../../ports/account-store.js';
import type { Clock } from '../../ports/clock.js';
import { apiKeys } from './api-keys.js';
import { auditLog } from './audit-log.js';
import { clouds } from './clouds.js';
import type { Database } from './database.js';
import { MasterKeyError } from './master-key.js';
import { namedTransformations } from './named-transformations.js';
import { createSecretBox, SealBrokenError, type SecretBox } from './secret-box.js';
import { inTransaction } from './transaction.js';
import { uploadPresets } from './upload-presets.js';

const systemClock: Clock = { now: () => Date.now() };

/**
 * The AccountStore on an open database. Rejects with `MasterKeyError` when the database was first used with another master key:
 * a server that cannot read its secrets must not start, and must not add secrets that the next start cannot read.
 */
export async function openAccountStore(
  database: Database,
  { masterKey, clock = systemClock }: { masterKey: Buffer; clock?: Clock },
): Promise<AccountStore> {
  const box = createSecretBox(masterKey);
  await checkMasterKey(database, box);
  return {
    ...clouds(database, clock),
    ...apiKeys(database, box),
    ...uploadPresets(database),
    ...namedTransformations(database),
    ...auditLog(database),
  };
}

const SEAL_CHECK = 'seal-check';
/** Belongs to no key: real API keys are not empty. */
const checkOwner = { apiKey: '', cloud: '' };

/** The first master key leaves a sealed mark; later ones must open it. */
async function checkMasterKey(database: Database, box: SecretBox): Promise<void> {
  const mark = (db: Database['reads']) =>
    db.selectFrom('setting').select('value').where('name', '=', SEAL_CHECK).executeTakeFirst();
  const kept =
    (await mark(database.reads)) ??
    (await inTransaction(database, {}, async (trx) => {
      const value = box.seal(SEAL_CHECK, checkOwner);
      await trx
        .insertInto('setting')
        .values({ name: SEAL_CHECK, value })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      return mark(trx);
    }));
  try {
    box.open(kept?.value ?? '', checkOwner);
  } catch (error) {
    if (!(error instanceof SealBrokenError)) throw error;
    throw new MasterKeyError(
      'The master key is not the one this database was made with. Set COUNTERSEAL_MASTER_KEY to that key, or put its master.key back',
      { cause: error },
    );
  }
}
