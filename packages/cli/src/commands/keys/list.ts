import type { Command } from 'commander';
import { type OfflineOptions, offline, withAccounts } from '../../accounts.js';
import { type Context, print } from '../../context.js';
import { policyWire } from './create.js';

/** `counterseal keys list`: every key with its policy; never a secret. */
export function registerKeysList(keys: Command, context: Context): void {
  offline(keys.command('list'))
    .description('list API keys, without their secrets')
    .addHelpText('after', '\nExample:\n  counterseal keys list --json')
    .action((options: OfflineOptions) =>
      withAccounts(context, options, async (accounts) => {
        const found = await accounts.listKeys(options.cloud ?? null);
        const rows = found.map((key) => ({
          api_key: key.apiKey,
          cloud: key.cloud,
          disabled: key.disabled,
          created_at: new Date(key.createdAtMs).toISOString(),
          ...policyWire(key.policy),
        }));
        const lines = rows.map((row) =>
          [
            row.api_key,
            row.cloud,
            row.created_at,
            row.algorithms.join(','),
            row.allow_v1 ? 'v1' : '',
            row.strict ? 'strict' : '',
            row.single_use ? 'single-use' : '',
            row.disabled ? 'DISABLED' : '',
          ]
            .filter((part) => part !== '')
            .join('  '),
        );
        print(context, options, { keys: rows }, lines.length > 0 ? lines : ['no keys']);
      }),
    );
}
