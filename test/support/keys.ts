import type { Account } from './client.js';
import { commandPath } from './command-path.js';
import { runCommand } from './commands.js';

/** `counterseal <args> --json --data <data>`; throws when it fails. Works beside a running server. */
export async function counterseal<Shape>(data: string, args: readonly string[]): Promise<Shape> {
  const { code, stdout, stderr } = await runCommand(process.execPath, [
    commandPath(),
    ...args,
    '--json',
    '--data',
    data,
  ]);
  if (code !== 0) throw new Error(`counterseal ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Shape;
}

/** A further key, as an operator makes it. `policy` are options of `keys create`. */
export async function createKey(data: string, policy: readonly string[] = []): Promise<Account> {
  const made = await counterseal<{ cloud: string; api_key: string; api_secret: string }>(data, [
    'keys',
    'create',
    ...policy,
  ]);
  return { cloud: made.cloud, apiKey: made.api_key, apiSecret: made.api_secret };
}
