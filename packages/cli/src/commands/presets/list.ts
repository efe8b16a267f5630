import type { AccountStore, UploadPreset } from '@counterseal/server';
import type { Command } from 'commander';
import { chooseCloud, type OfflineOptions, offline, withAccounts } from '../../accounts.js';
import { type Context, print } from '../../context.js';
import { presetWire } from './show.js';

const pageSize = 200;

/** `counterseal presets list`. */
export function registerPresetsList(presets: Command, context: Context): void {
  offline(presets.command('list'))
    .description('list upload presets')
    .addHelpText('after', '\nExample:\n  counterseal presets list --json')
    .action((options: OfflineOptions) =>
      withAccounts(context, options, async (accounts) => {
        const found = await allPresets(accounts, await chooseCloud(accounts, options.cloud));
        const lines = found.map((preset) => `${preset.name}  ${preset.unsigned ? 'unsigned' : 'signed'}`);
        print(
          context,
          options,
          { presets: found.map(presetWire) },
          lines.length > 0 ? lines : ['no upload presets'],
        );
      }),
    );
}

async function allPresets(accounts: AccountStore, cloud: string): Promise<UploadPreset[]> {
  const all: UploadPreset[] = [];
  for (let after: string | null = null; ; ) {
    const page: UploadPreset[] = await accounts.listPresets({ cloud, after, limit: pageSize });
    all.push(...page);
    after = page.at(-1)?.name ?? null;
    if (page.length < pageSize) return all;
  }
}
