import type { Command } from 'commander';
import { audit, chooseCloud, type OfflineOptions, offline, withAccounts } from '../../accounts.js';
import { type Context, print } from '../../context.js';
import { Failure } from '../../failures.js';

/** `counterseal presets delete NAME`. */
export function registerPresetsDelete(presets: Command, context: Context): void {
  offline(presets.command('delete'))
    .argument('<name>')
    .description('delete an upload preset')
    .addHelpText('after', '\nExample:\n  counterseal presets delete web')
    .action((name: string, options: OfflineOptions) =>
      withAccounts(context, options, async (accounts) => {
        const cloud = await chooseCloud(accounts, options.cloud);
        if (!(await accounts.deletePreset(cloud, name)))
          throw new Failure(`Can't find upload preset with name ${name}`);
        await audit(accounts, cloud, 'delete-preset', name);
        print(context, options, { message: 'deleted', name }, [`deleted ${name}`]);
      }),
    );
}
