import { randomBytes, randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { BootstrapKey } from './config/bootstrap-key.js';
import type { AccountStore, KeyPolicy } from './ports/account-store.js';
import type { Clock } from './ports/clock.js';
import { DuplicateError } from './ports/io.js';

/** What the first start made and the operator must see once. */
export interface FirstRun {
  readonly cloud: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** A bundled photo for the first upload. */
  readonly samplePath: string;
}

const defaultCloud = 'demo';
/** "Secrets >= 160 bits random" (threat model T40). */
const secretBytes = 20;
const apiKeyDigits = 15;

export const defaultKeyPolicy: KeyPolicy = {
  algorithms: ['sha1', 'sha256'],
  allowV1: false,
  strict: false,
  singleUse: false,
};

/** A key as the original service makes them: digits. */
export function newApiKey(): string {
  return Array.from({ length: apiKeyDigits }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('');
}

export function newApiSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** Makes the configured cloud and key when absent, or, on an empty data folder, a cloud `demo` with a random key. */
export async function firstKeys(
  accounts: AccountStore,
  bootstrap: BootstrapKey | null,
  clock: Clock,
): Promise<FirstRun | null> {
  // By keys, not clouds: a server that was killed during its first start may have left a cloud without a key.
  if (bootstrap === null && (await accounts.listKeys(null)).length > 0) return null;
  const { cloud, apiKey, apiSecret } = bootstrap ?? {
    cloud: defaultCloud,
    apiKey: newApiKey(),
    apiSecret: newApiSecret(),
  };
  const clouds = await accounts.listClouds();
  if (!clouds.includes(cloud)) await madeHere(accounts.createCloud(cloud));
  if ((await accounts.findKey(apiKey)) !== null) return null;
  const key = { apiKey, secret: apiSecret, cloud, policy: defaultKeyPolicy, createdAtMs: clock.now() };
  if (!(await madeHere(accounts.createKey(key)))) return null;
  await accounts.appendAudit({
    cloud,
    atMs: clock.now(),
    actor: bootstrap === null ? 'first-start' : 'bootstrap',
    action: 'create-key',
    subject: apiKey,
  });
  const samplePath = fileURLToPath(new URL('../assets/sample.jpg', import.meta.url));
  return { cloud, apiKey, apiSecret, samplePath };
}

/** What is otherwise than the configuration has it, in words without a secret; null when all is as asked for. Nothing is changed. */
export async function unlikeBootstrap(
  accounts: Pick<AccountStore, 'findKey'>,
  { cloud, apiKey, apiSecret }: BootstrapKey,
): Promise<string | null> {
  const key = await accounts.findKey(apiKey);
  if (key === null) return null;
  if (key.cloud !== cloud) return 'belongs to another cloud';
  if (key.secret !== apiSecret) return 'has another secret';
  return key.disabled ? 'is disabled' : null;
}

/** False: another server, which starts at the same time, was faster. */
async function madeHere(making: Promise<void>): Promise<boolean> {
  try {
    await making;
    return true;
  } catch (error) {
    if (error instanceof DuplicateError) return false;
    throw error;
  }
}
