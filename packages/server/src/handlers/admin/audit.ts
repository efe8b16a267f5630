import type { Call } from '../../http/call.js';
import type { AccountStore } from '../../ports/account-store.js';
import type { Clock } from '../../ports/clock.js';

/** Leaves a row for a change that an administrator made (threat model T50). */
export async function audit(
  { cloud, principal }: Pick<Call, 'cloud' | 'principal'>,
  { accounts, clock }: { accounts: AccountStore; clock: Clock },
  action: string,
  subject: string,
): Promise<void> {
  const actor = principal?.kind === 'key' ? principal.key.apiKey : 'unsigned';
  await accounts.appendAudit({ cloud, atMs: clock.now(), actor, action, subject });
}
