import type { OperationName } from '@counterseal/protocol';
import { explainSignature, type Fields, type KnownSecret } from '@counterseal/signer';
import type { AccountStore } from '../ports/account-store.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';

export interface RefusedSignature {
  readonly cloud: string;
  readonly operation: OperationName;
  /** Known parameters as received, `api_key` and `signature` among them. */
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
}

/** Explaining costs some hundred hashes: a client that sends wrong signatures all the time gets no more of it than this. */
const minimumPauseMs = 250;
const maxKeys = 10;
/** Each of those hashes reads the whole text: 8 MB of it blocked the server for seven seconds a key. */
const maxCharacters = 8 * 1024;

/**
 * Writes what is wrong with a refused signature to the log: codes and names of parameters, never a value, a secret or an expected
 * signature. After the answer, so that it tells nobody anything by its time.
 */
export function createExplainRefusals(deps: {
  readonly accounts: Pick<AccountStore, 'listKeys' | 'findKey'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): (refused: RefusedSignature) => void {
  let nextAtMs = 0;
  return (refused) => {
    if (deps.clock.now() < nextAtMs) return;
    nextAtMs = deps.clock.now() + minimumPauseMs;
    setImmediate(() => {
      log(refused, deps).catch((error: unknown) => deps.logger.warn('cannot explain a signature', { error }));
    });
  };
}

async function log(
  { cloud, operation, parameters }: RefusedSignature,
  { accounts, clock, logger }: Parameters<typeof createExplainRefusals>[0],
): Promise<void> {
  const fields: Fields = [...parameters].flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((each) => [name, each] as const),
  );
  const names = [...parameters.keys()];
  if (fields.reduce((sum, [, value]) => sum + value.length, 0) > maxCharacters) {
    logger.warn('signature refused', { cloud, operation, names, diagnosis: 'too long to explain' });
    return;
  }
  const findings = explainSignature({
    fields,
    operation,
    knownSecrets: await secretsOf(cloud, accounts),
    nowSeconds: Math.floor(clock.now() / 1000),
  });
  const diagnosis = findings.map(({ code, parameter, message }) => ({ code, parameter, message }));
  logger.warn('signature refused', { cloud, operation, names, diagnosis });
}

/** Of the enabled keys of a cloud, oldest first. */
export async function secretsOf(
  cloud: string | null,
  accounts: Pick<AccountStore, 'listKeys' | 'findKey'>,
): Promise<KnownSecret[]> {
  const keys = (await accounts.listKeys(cloud)).filter(({ disabled }) => !disabled).slice(0, maxKeys);
  const found = await Promise.all(keys.map(({ apiKey }) => accounts.findKey(apiKey)));
  return found.flatMap((key) => (key === null ? [] : [{ apiKey: key.apiKey, secret: key.secret }]));
}
