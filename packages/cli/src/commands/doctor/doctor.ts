import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { parseCloudinaryUrl } from '../../cloudinary-url.js';
import { type Context, type JsonOption, print } from '../../context.js';
import { Failure, UsageError } from '../../failures.js';
import { secretsOfFolder } from '../explain.js';
import { checkClock } from './clock-skew.js';
import { needlesFor, scanFolder } from './scan-files.js';

interface Options extends JsonOption {
  readonly data?: string;
  readonly server?: string;
}

const help = `
Looks through the built files for the secret of CLOUDINARY_URL, for the secrets of every key of --data, and for any
cloudinary://KEY:SECRET@CLOUD address; then compares this clock with the server's (--server, or upload_prefix of CLOUDINARY_URL).
Exit code 1 when a secret was found or the clock is wrong. Prints no secret.

Examples:
  counterseal doctor ./dist
  counterseal doctor ./build --data ./media --server http://127.0.0.1:8420`;

/** `counterseal doctor`: secrets in front-end files, and the clock. */
export function registerDoctor(program: Command, context: Context): void {
  program
    .command('doctor')
    .argument('<folder>', 'built front-end files')
    .description('look for secrets in built front-end files, and check the clock')
    .option('--data <folder>', 'also look for the secrets of this data folder')
    .option('--server <url>', 'server to compare the clock with')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action((folder: string, options: Options) => examine(context, folder, options));
}

async function examine(context: Context, folder: string, options: Options): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw new UsageError(`${folder} is not a folder`);
  const { cloudinaryUrl } = context.environment();
  const account = cloudinaryUrl === null ? null : parseCloudinaryUrl(cloudinaryUrl);
  const own = account === null ? [] : [{ apiKey: account.apiKey, secret: account.apiSecret }];
  const ofFolder = options.data === undefined ? [] : await secretsOfFolder(context, options);
  const secrets = [...own, ...ofFolder];
  const { leaks, files } = await scanFolder(folder, secrets.flatMap(needlesFor));
  const server = options.server ?? account?.uploadPrefix ?? null;
  const clock = server === null ? null : await checkClock(server.replace(/\/+$/, ''));
  print(context, options, { files, leaks, clock }, [
    `${files} files, ${secrets.length} secrets looked for`,
    ...leaks.map(({ file, line, what }) => `${file}:${line}: holds ${what}`),
    ...(clock === null ? ['no server to compare the clock with (--server)'] : [clock.message]),
  ]);
  const problems = [
    ...(leaks.length === 0 ? [] : ['a secret is in files that browsers get: replace the key, then rebuild']),
    ...(clock === null || clock.ok ? [] : [clock.message]),
  ];
  if (problems.length > 0) throw new Failure(problems.join('; '));
}
