import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { registerDoctor } from './commands/doctor/doctor.js';
import { registerExplain } from './commands/explain.js';
import { registerKeysCreate } from './commands/keys/create.js';
import { registerKeysDisable } from './commands/keys/disable.js';
import { registerKeysList } from './commands/keys/list.js';
import { registerPresetsCreate } from './commands/presets/create.js';
import { registerPresetsDelete } from './commands/presets/delete.js';
import { registerPresetsList } from './commands/presets/list.js';
import { registerPresetsShow } from './commands/presets/show.js';
import { registerServe } from './commands/serve.js';
import { registerSign } from './commands/sign.js';
import { registerSignPolicyCheck } from './commands/sign-policy/check.js';
import { registerSignPolicySchema } from './commands/sign-policy/schema.js';
import { registerUpload } from './commands/upload.js';
import type { Context } from './context.js';

const about = `
Exit codes: 0 done, 1 refused or failed, 2 called wrongly.
Commands that sign read CLOUDINARY_URL from the environment or from .env in the working folder.

Examples:
  counterseal serve --data ./media --port 8420
  counterseal keys create --algorithms sha256
  counterseal sign public_id=sample_image timestamp=1315060510 SECRET
  counterseal upload photo.jpg --set public_id=holiday/beach
`;

/** The whole command line on one page: every command and where it lives. */
export function createProgram(context: Context): Command {
  const program = new Command('counterseal')
    .description("Signed media uploads that you run yourself, speaking Cloudinary's wire protocol.")
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: context.out, writeErr: context.err })
    .showHelpAfterError("(try 'counterseal --help')")
    .addHelpText('after', about);

  registerServe(program, context);

  const keys = program.command('keys').description('API keys of a data folder');
  registerKeysCreate(keys, context);
  registerKeysList(keys, context);
  registerKeysDisable(keys, context);

  const presets = program.command('presets').description('upload presets of a data folder');
  registerPresetsCreate(presets, context);
  registerPresetsList(presets, context);
  registerPresetsShow(presets, context);
  registerPresetsDelete(presets, context);

  const signPolicy = program.command('sign-policy').description('policy files of the signing endpoint');
  registerSignPolicyCheck(signPolicy, context);
  registerSignPolicySchema(signPolicy, context);

  registerSign(program, context);
  registerExplain(program, context);
  registerDoctor(program, context);
  registerUpload(program, context);
  return program;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
