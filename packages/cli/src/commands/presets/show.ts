import type { UploadPreset } from '@counterseal/server';
import type { Command } from 'commander';
import { chooseCloud, type OfflineOptions, offline, withAccounts } from '../../accounts.js';
import { type Context, print } from '../../context.js';
import { Failure } from '../../failures.js';

/** `counterseal presets show NAME`. */
export function registerPresetsShow(presets: Command, context: Context): void {
  offline(presets.command('show'))
    .argument('<name>')
    .description('show one upload preset')
    .addHelpText('after', '\nExample:\n  counterseal presets show web')
    .action((name: string, options: OfflineOptions) =>
      withAccounts(context, options, async (accounts) => {
        const preset = await accounts.findPreset(await chooseCloud(accounts, options.cloud), name);
        if (preset === null) throw new Failure(`Can't find upload preset with name ${name}`);
        print(context, options, presetWire(preset), [
          `${preset.name}  ${preset.unsigned ? 'unsigned' : 'signed'}`,
          ...(preset.disallowPublicId ? ['  disallow_public_id=true'] : []),
          ...Object.entries(preset.settings).map(([key, value]) => `  ${key}=${value}`),
        ]);
      }),
    );
}

/** A preset as JSON shows it, in the Admin API's names. */
export function presetWire(preset: UploadPreset) {
  return {
    name: preset.name,
    unsigned: preset.unsigned,
    external_id: preset.externalId,
    settings: {
      ...(preset.disallowPublicId ? { disallow_public_id: true } : {}),
      ...preset.settings,
    },
  };
}
