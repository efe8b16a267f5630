import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { explainRefused, type KnownSecret, type RefusedRequest, readRefused } from '@counterseal/signer';
import type { Command } from 'commander';
import { withAccounts } from '../accounts.js';
import { parseCloudinaryUrl } from '../cloudinary-url.js';
import { type Context, type JsonOption, print } from '../context.js';
import { UsageError } from '../failures.js';

interface Options extends JsonOption {
  readonly data?: string;
}

const help = `
Takes a curl line, a HAR file or entry, a JSON object of parameters, or the error text and below it the parameters that were
signed (name=value, one a line). Compares with the secret of CLOUDINARY_URL, and with every key of --data.
Prints no secret and no signature that would be right.

Examples:
  counterseal explain request.har
  pbpaste | counterseal explain
  counterseal explain --data ./media < error.txt`;

/** `counterseal explain`: what is wrong with a signed request that was refused. */
export function registerExplain(program: Command, context: Context): void {
  program
    .command('explain')
    .argument('[file]', 'file with the refused request; standard input when absent')
    .description('say why a signature was refused')
    .option('--data <folder>', 'also compare with the keys of this data folder')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async (file: string | undefined, options: Options) => {
      const refused = parse(await readInput(file));
      const knownSecrets = await findSecrets(context, options);
      const nowSeconds = Math.floor(Date.now() / 1000);
      const findings = explainRefused(refused, { knownSecrets, nowSeconds });
      print(
        context,
        options,
        { findings },
        findings.map(({ code, message }) => `${code}: ${message}`),
      );
    });
}

function readInput(file: string | undefined): Promise<string> {
  if (file === undefined || file === '-') return readStream(process.stdin);
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`cannot read ${file}`);
  });
}

function parse(text: string): RefusedRequest {
  try {
    return readRefused(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function findSecrets(context: Context, options: Options): Promise<KnownSecret[]> {
  const { cloudinaryUrl } = context.environment();
  const own = cloudinaryUrl === null ? [] : [toKnown(parseCloudinaryUrl(cloudinaryUrl))];
  return options.data === undefined ? own : [...own, ...(await secretsOfFolder(context, options))];
}

function toKnown({
  apiKey,
  apiSecret,
}: {
  readonly apiKey: string;
  readonly apiSecret: string;
}): KnownSecret {
  return { apiKey, secret: apiSecret };
}

/** Of every key of a data folder, the disabled ones as well: an old secret is a likely cause. */
export function secretsOfFolder(context: Context, options: Options): Promise<KnownSecret[]> {
  return withAccounts(context, options, async (accounts) => {
    const keys = await accounts.listKeys(null);
    const found = await Promise.all(keys.map(({ apiKey }) => accounts.findKey(apiKey)));
    return found.flatMap((key) => (key === null ? [] : [{ apiKey: key.apiKey, secret: key.secret }]));
  });
}
