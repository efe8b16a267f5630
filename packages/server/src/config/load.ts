import { isLoopback, isWeakSecret, minimumSecretLength } from './bootstrap-key.js';
import type { Setting } from './setting.js';
import { type Config, configTable, type SettingName } from './table.js';

/** All problems of the configuration at once, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Settings whose documented default is prose, not a value: absent means null. */
const absentIsNull: ReadonlySet<string> = new Set([
  'publicUrl',
  'masterKey',
  'maxOpenUploadBytes',
  'renderers',
  'bootstrap',
  'signPolicy',
]);

/**
 * Reads every setting once; the only reader of the environment. Flags win over it. `flags` has the flag names without dashes.
 * @throws ConfigError
 */
export function loadConfig(
  flags: Readonly<Record<string, string | undefined>> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(configTable) as [SettingName, Setting][]) {
    const given =
      (setting.flag === null ? undefined : flags[setting.flag]) ?? (environment[setting.env] || undefined);
    const text = given ?? (absentIsNull.has(name) ? null : setting.default);
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else {
      const where = setting.flag === null ? setting.env : `--${setting.flag} (${setting.env})`;
      problems.push(`${where}: ${parsed.error.issues.map((issue) => issue.message).join(', ')}`);
    }
  }
  if (problems.length === 0) problems.push(...checkTogether(values as Config));
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return values as Config;
}

function checkTogether(config: Config): string[] {
  if (config.bootstrap !== null && isWeakSecret(config.bootstrap.apiSecret) && !isLoopback(config.host)) {
    return [
      `COUNTERSEAL_BOOTSTRAP: the secret is weak (shorter than ${minimumSecretLength} characters or well known); it is accepted on a loopback host only`,
    ];
  }
  return [];
}
