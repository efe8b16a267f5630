import type { AccountStore, Config } from '@counterseal/server';
import type { Command } from 'commander';
import type { Context, JsonOption } from './context.js';
import { Failure, UsageError } from './failures.js';

/** Options every command has that works on a data folder without the server. */
export interface OfflineOptions extends JsonOption {
  readonly data?: string;
  readonly cloud?: string;
}

/** Declares them. */
export function offline(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder (COUNTERSEAL_DATA; default ./counterseal-data)')
    .option('--cloud <name>', 'cloud; may be left out while there is only one')
    .option('--json', 'print JSON');
}

/** Opens the accounts of a data folder, works on them, closes them. A running server sees the change. */
export async function withAccounts<T>(
  context: Context,
  options: OfflineOptions,
  work: (accounts: AccountStore, config: Config) => Promise<T>,
): Promise<T> {
  const { loadConfig, openAccounts } = await import('@counterseal/server');
  const config = loadConfig({ data: options.data }, context.environment().variables);
  const { accounts, close } = await openAccounts(config);
  try {
    return await work(accounts, config);
  } finally {
    await close();
  }
}

/** The cloud asked for, or the only one there is. */
export async function chooseCloud(accounts: AccountStore, asked: string | undefined): Promise<string> {
  const clouds = await accounts.listClouds();
  if (asked !== undefined) {
    if (clouds.includes(asked)) return asked;
    throw new Failure(`there is no cloud ${asked}; there is ${clouds.join(', ') || 'none'}`);
  }
  const [only, ...others] = clouds;
  if (only === undefined) throw new Failure("there is no cloud yet; make one with 'counterseal keys create'");
  if (others.length > 0) throw new UsageError(`say which cloud with --cloud: ${clouds.join(', ')}`);
  return only;
}

/** Notes a change made from the command line (threat model T50). */
export function audit(accounts: AccountStore, cloud: string, action: string, subject: string): Promise<void> {
  return accounts.appendAudit({ cloud, atMs: Date.now(), actor: 'cli', action, subject });
}
