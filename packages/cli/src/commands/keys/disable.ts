import type { Command } from 'commander';
import { audit, type OfflineOptions, offline, withAccounts } from '../../accounts.js';
import { type Context, print } from '../../context.js';
import { Failure } from '../../failures.js';

/** `counterseal keys disable KEY`: the key authenticates nothing from now on. */
export function registerKeysDisable(keys: Command, context: Context): void {
  offline(keys.command('disable'))
    .argument('<api-key>')
    .description('disable an API key for good')
    .addHelpText('after', '\nExample:\n  counterseal keys disable 123456789012345')
    .action((apiKey: string, options: OfflineOptions) =>
      withAccounts(context, options, async (accounts) => {
        const key = await accounts.findKey(apiKey);
        if (key === null || (options.cloud !== undefined && key.cloud !== options.cloud))
          throw new Failure(`there is no API key ${apiKey}`);
        await accounts.disableKey(apiKey);
        await audit(accounts, key.cloud, 'disable-key', apiKey);
        print(context, options, { api_key: apiKey, cloud: key.cloud, disabled: true }, [
          `disabled ${apiKey}`,
        ]);
      }),
    );
}
