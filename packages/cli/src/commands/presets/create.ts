import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { audit, chooseCloud, type OfflineOptions, offline, withAccounts } from '../../accounts.js';
import { type Context, print } from '../../context.js';
import { Failure } from '../../failures.js';
import { collect } from '../../parameters.js';
import { type PresetOptions, readPresetDefinition } from '../../preset-definition.js';
import { presetWire } from './show.js';

const examples = `
Examples:
  counterseal presets create web --unsigned --set folder=web --set allowed_formats=jpg,png
  counterseal presets create '{"name":"web","unsigned":true,"folder":"web","eager":["w_400","w_260"]}'`;

/** `counterseal presets create [NAME|JSON]`. Without a name it gets a random one, which others cannot guess. */
export function registerPresetsCreate(presets: Command, context: Context): void {
  offline(presets.command('create'))
    .argument('[name|json]', 'name, or the whole preset as JSON')
    .description('make an upload preset')
    .option('--set <name=value>', 'one setting; repeat for more', collect)
    .option('--unsigned', 'uploads may use it without a signature')
    .option('--disallow-public-id', 'uploads may not choose a public id')
    .addHelpText('after', examples)
    .action((argument: string | undefined, options: OfflineOptions & PresetOptions) =>
      createPreset(context, argument, options),
    );
}

async function createPreset(
  context: Context,
  argument: string | undefined,
  options: OfflineOptions & PresetOptions,
): Promise<void> {
  const { name, ...definition } = readPresetDefinition(argument, options);
  await withAccounts(context, options, async (accounts) => {
    const cloud = await chooseCloud(accounts, options.cloud);
    const preset = {
      ...definition,
      cloud,
      name: name ?? randomBytes(6).toString('hex'),
      externalId: randomBytes(16).toString('hex'),
      createdAtMs: Date.now(),
    };
    if ((await accounts.findPreset(cloud, preset.name)) !== null)
      throw new Failure(`Upload preset ${preset.name} already exists`);
    await accounts.createPreset(preset);
    await audit(accounts, cloud, 'create-preset', preset.name);
    print(context, options, presetWire(preset), [`created ${preset.name}`]);
  });
}
