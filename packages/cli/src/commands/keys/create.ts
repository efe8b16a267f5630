import type { AccountStore, Config } from '@counterseal/server';
import type { Command } from 'commander';
import { audit, chooseCloud, type OfflineOptions, offline, withAccounts } from '../../accounts.js';
import { formatCloudinaryUrl } from '../../cloudinary-url.js';
import { type Context, print } from '../../context.js';
import { UsageError } from '../../failures.js';

interface Options extends OfflineOptions {
  readonly algorithms: string;
  readonly allowV1?: true;
  readonly strict?: true;
  readonly singleUse?: true;
}

/** Cloud of the first key, when none is named. */
const firstCloud = 'demo';

/** `counterseal keys create`: a new key and secret, shown once. */
export function registerKeysCreate(keys: Command, context: Context): void {
  offline(keys.command('create'))
    .description('make an API key and print its CLOUDINARY_URL, once; a cloud that is not there yet is made')
    .option('--algorithms <list>', 'signature algorithms the key accepts: sha1,sha256', 'sha1,sha256')
    .option('--allow-v1', 'also accept signature version 1, as old clients send')
    .option('--strict', 'refuse parameters the operation does not know')
    .option('--single-use', 'a signature completes one upload only')
    .addHelpText('after', '\nExample:\n  counterseal keys create --algorithms sha256 --strict --data ./media')
    .action((options: Options) => createKey(context, options));
}

async function createKey(context: Context, options: Options): Promise<void> {
  const policy = {
    algorithms: parseAlgorithms(options.algorithms),
    allowV1: options.allowV1 === true,
    strict: options.strict === true,
    singleUse: options.singleUse === true,
  };
  await withAccounts(context, options, async (accounts, config) => {
    const cloud = await cloudForKey(accounts, options.cloud);
    const { newApiKey, newApiSecret } = await import('@counterseal/server');
    const [apiKey, apiSecret] = [newApiKey(), newApiSecret()];
    await accounts.createKey({ apiKey, secret: apiSecret, cloud, policy, createdAtMs: Date.now() });
    await audit(accounts, cloud, 'create-key', apiKey);
    const url = formatCloudinaryUrl({ cloud, apiKey, apiSecret, uploadPrefix: serverUrl(config) });
    print(
      context,
      options,
      { cloud, api_key: apiKey, api_secret: apiSecret, cloudinary_url: url, ...policyWire(policy) },
      [`CLOUDINARY_URL=${url}`, 'Keep it: the secret is not shown again.'],
    );
  });
}

async function cloudForKey(accounts: AccountStore, asked: string | undefined): Promise<string> {
  const clouds = await accounts.listClouds();
  const cloud = asked ?? (clouds.length === 0 ? firstCloud : await chooseCloud(accounts, undefined));
  if (clouds.includes(cloud)) return cloud;
  if (!/^[A-Za-z][A-Za-z0-9-]{1,127}$/.test(cloud))
    throw new UsageError(`${cloud} cannot be a cloud name: letters, digits and '-', starting with a letter`);
  await accounts.createCloud(cloud);
  await audit(accounts, cloud, 'create-cloud', cloud);
  return cloud;
}

/** Reads `--algorithms`. */
export function parseAlgorithms(text: string): ('sha1' | 'sha256')[] {
  const known = ['sha1', 'sha256'] as const;
  const asked = text.split(',').map((part) => part.trim().toLowerCase().replace('-', ''));
  const unknown = asked.filter((name) => !known.some((each) => each === name));
  if (unknown.length > 0) throw new UsageError(`--algorithms takes sha1, sha256 or both, not '${text}'`);
  return known.filter((name) => asked.includes(name));
}

/** The policy as JSON shows it. */
export function policyWire(policy: {
  readonly algorithms: readonly string[];
  readonly allowV1: boolean;
  readonly strict: boolean;
  readonly singleUse: boolean;
}) {
  return {
    algorithms: policy.algorithms,
    allow_v1: policy.allowV1,
    strict: policy.strict,
    single_use: policy.singleUse,
  };
}

function serverUrl(config: Config): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return config.publicUrl ?? `http://${host}:${config.port}`;
}
