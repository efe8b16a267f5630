import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseCidrList } from './cidr-list.js';

/**
 * Every setting: environment name, command-line flag, type, unit, default, one line of documentation. The only reader of the
 * environment; `docs/configuration.md` is generated from this table. Flags win over the environment.
 */
export const configTable = {
  dataDir: {
    env: 'COUNTERSEAL_DATA',
    flag: 'data',
    type: 'folder',
    default: './counterseal-data',
    doc: 'Where the database, the files and the master key live.',
    schema: z
      .string()
      .min(1)
      .transform((path) => resolve(path)),
  },
  host: {
    env: 'COUNTERSEAL_HOST',
    flag: 'host',
    type: 'host name or address',
    default: '127.0.0.1',
    doc: 'Interface to listen on. Anything but loopback makes the server reachable by others.',
    schema: z.string().min(1),
  },
  port: {
    env: 'COUNTERSEAL_PORT',
    flag: 'port',
    type: 'port, 0 = any free one',
    default: '8420',
    doc: 'TCP port.',
    schema: wholeNumber(0, 65_535),
  },
  publicUrl: {
    env: 'COUNTERSEAL_PUBLIC_URL',
    flag: 'public-url',
    type: 'http(s) origin',
    default: 'http://HOST:PORT',
    doc: 'How browsers reach this server; the base of `url` and `secure_url` in answers.',
    schema: z
      .string()
      .refine(isHttpOrigin, 'must be an http(s) URL without query')
      .transform((url) => url.replace(/\/+$/, ''))
      .nullable(),
  },
  masterKey: {
    env: 'COUNTERSEAL_MASTER_KEY',
    flag: null,
    type: '32 bytes, as 64 hex digits or base64',
    default: 'DATA/master.key, made at first start',
    doc: 'Encrypts the API secrets at rest.',
    schema: z.string().nullable(),
  },
  maxFileBytes: {
    env: 'COUNTERSEAL_MAX_FILE_BYTES',
    flag: 'max-file-bytes',
    type: 'bytes',
    default: String(1024 ** 3),
    doc: 'Largest file an upload may store.',
    schema: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  },
  maxOpenUploads: {
    env: 'COUNTERSEAL_MAX_OPEN_UPLOADS',
    flag: null,
    type: 'number',
    default: '100',
    doc: 'Unfinished chunked uploads of one API key or unsigned preset.',
    schema: wholeNumber(1, 1_000_000),
  },
  maxOpenUploadBytes: {
    env: 'COUNTERSEAL_MAX_OPEN_UPLOAD_BYTES',
    flag: null,
    type: 'bytes',
    default: 'ten times COUNTERSEAL_MAX_FILE_BYTES',
    doc: 'Bytes in the unfinished chunked uploads of one API key or unsigned preset.',
    schema: wholeNumber(1, Number.MAX_SAFE_INTEGER).nullable(),
  },
  openUploadSeconds: {
    env: 'COUNTERSEAL_OPEN_UPLOAD_SECONDS',
    flag: null,
    type: 'seconds',
    default: String(24 * 60 * 60),
    doc: 'A chunked upload that gets no chunk for so long is given up, and what was there of it is removed.',
    schema: wholeNumber(1, 30 * 24 * 60 * 60),
  },
  renderers: {
    env: 'COUNTERSEAL_RENDERERS',
    flag: null,
    type: 'number',
    default: 'one for each core, at most four',
    doc: 'Processes that decode and encode media. Each takes a picture at a time, and as much memory as that needs.',
    schema: wholeNumber(1, 64).nullable(),
  },
  minFreeBytes: {
    env: 'COUNTERSEAL_MIN_FREE_BYTES',
    flag: null,
    type: 'bytes',
    default: String(256 * 1024 ** 2),
    doc: 'With less free space on the disk of the data folder uploads are refused, and derivatives made on request are delivered but not stored. 0: only a full disk refuses.',
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  },
  maxDerivedBytes: {
    env: 'COUNTERSEAL_MAX_DERIVED_BYTES',
    flag: null,
    type: 'bytes',
    default: String(10 * 1024 ** 3),
    doc: 'What the derivatives that viewers asked for may take together; beyond it the oldest are dropped, and made again when they are asked for. Eager derivatives do not count.',
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  },
  fetchAllow: {
    env: 'COUNTERSEAL_FETCH_ALLOW',
    flag: 'fetch-allow',
    type: 'CIDR list, comma separated',
    default: '',
    doc: 'Private address ranges that uploads by URL may reach, on every port. Off by default.',
    schema: z.string().transform(readCidrs),
  },
  trustedProxies: {
    env: 'COUNTERSEAL_TRUSTED_PROXIES',
    flag: 'trusted-proxies',
    type: 'CIDR list, comma separated',
    default: '',
    doc: 'Address ranges of the reverse proxies in front, whose `X-Forwarded-For` says who the client is; without them it is ignored. See the guide "Behind a reverse proxy".',
    schema: z.string().transform(readCidrs),
  },
  bootstrap: {
    env: 'COUNTERSEAL_BOOTSTRAP',
    flag: 'bootstrap',
    type: 'cloudinary://KEY:SECRET@CLOUD',
    default: 'a cloud `demo` with a random key on an empty data folder',
    doc: 'Creates this cloud and key when absent (for CI and containers).',
    schema: z.string().transform(parseBootstrap).nullable(),
  },
  folderMode: {
    env: 'COUNTERSEAL_FOLDER_MODE',
    flag: 'folder-mode',
    type: '`fixed` or `dynamic`',
    default: 'fixed',
    doc: 'Whether `folder` is part of the public id (fixed) or assets have a separate `asset_folder` (dynamic).',
    schema: z.enum(['fixed', 'dynamic']),
  },
  strictTransformations: {
    env: 'COUNTERSEAL_STRICT_TRANSFORMATIONS',
    flag: 'strict-transformations',
    type: '`true` or `false`',
    default: 'false',
    doc: 'Make new derivatives only for signed URLs, eager uploads and named transformations allowed for strict.',
    schema: z.enum(['true', 'false']).transform((text) => text === 'true'),
  },
  sweepGraceSeconds: {
    env: 'COUNTERSEAL_SWEEP_GRACE_SECONDS',
    flag: null,
    type: 'seconds',
    default: String(60 * 60),
    doc: 'Files that nothing refers to (what a crash left) are removed when they are older; also the time between two sweeps. Longer than any upload takes from its last byte to its answer.',
    schema: wholeNumber(1, 7 * 24 * 60 * 60),
  },
  signPolicy: {
    env: 'COUNTERSEAL_SIGN_POLICY',
    flag: 'sign-policy',
    type: 'file',
    default: 'no signing endpoint',
    doc: 'Policy file of the signing endpoint at `/sign`; see the guide "Signing uploads safely".',
    schema: z
      .string()
      .min(1)
      .transform((path) => resolve(path))
      .nullable(),
  },
  logLevel: {
    env: 'COUNTERSEAL_LOG_LEVEL',
    flag: 'log-level',
    type: '`debug`, `info`, `warn`, `error` or `silent`',
    default: 'info',
    doc: 'Least severe lines to write to standard error.',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
  },
} as const satisfies Record<string, Setting>;

interface Setting {
  readonly env: string;
  readonly flag: string | null;
  readonly type: string;
  readonly default: string;
  readonly doc: string;
  readonly schema: z.ZodType;
}

type SettingName = keyof typeof configTable;

export type Config = { readonly [Name in SettingName]: z.output<(typeof configTable)[Name]['schema']> };

export interface BootstrapKey {
  readonly cloud: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

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
 * Reads every setting once. `flags` has the flag names without dashes.
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

/** Secrets shorter than this, or well-known, are for loopback only (threat model T48). */
const minimumSecretLength = 16;
const sampleSecrets: ReadonlySet<string> = new Set(['abcd', 'secret', 'my_secret', 'password', 'changeme']);

export function isWeakSecret(secret: string): boolean {
  return secret.length < minimumSecretLength || sampleSecrets.has(secret.toLowerCase());
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function checkTogether(config: Config): string[] {
  if (config.bootstrap !== null && isWeakSecret(config.bootstrap.apiSecret) && !isLoopback(config.host)) {
    return [
      `COUNTERSEAL_BOOTSTRAP: the secret is weak (shorter than ${minimumSecretLength} characters or well known); it is accepted on a loopback host only`,
    ];
  }
  return [];
}

function parseBootstrap(text: string, context: z.RefinementCtx): BootstrapKey {
  const match = /^cloudinary:\/\/([^:@/]+):([^@/]+)@([A-Za-z][A-Za-z0-9-]{1,127})\/?(?:\?.*)?$/.exec(text);
  if (match !== null) {
    const [, apiKey = '', apiSecret = '', cloud = ''] = match;
    try {
      return { cloud, apiKey: decodeURIComponent(apiKey), apiSecret: decodeURIComponent(apiSecret) };
    } catch {
      // falls through to the issue below
    }
  }
  context.addIssue({ code: 'custom', message: 'must look like cloudinary://KEY:SECRET@CLOUD' });
  return z.NEVER;
}

function readCidrs(text: string, context: z.RefinementCtx): readonly string[] {
  const { cidrs, problems } = parseCidrList(text);
  for (const message of problems) context.addIssue({ code: 'custom', message });
  return cidrs;
}

function isHttpOrigin(text: string): boolean {
  const url = safeUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
}

function safeUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function wholeNumber(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}
