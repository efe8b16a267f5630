import { resolve } from 'node:path';
import { z } from 'zod';
import { parseBootstrap } from './bootstrap-key.js';
import type { Setting } from './setting.js';
import { readCidrs } from './values.js';

/** Who is trusted with what, and how the server behaves. */
export const ruleSettings = {
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
  bootstrap: {
    env: 'COUNTERSEAL_BOOTSTRAP',
    flag: 'bootstrap',
    type: 'cloudinary://KEY:SECRET@CLOUD',
    default: 'a cloud `demo` with a random key on an empty data folder',
    doc: 'Creates this cloud and key when absent (for CI and containers). A key that is there is not changed.',
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
  logLevel: {
    env: 'COUNTERSEAL_LOG_LEVEL',
    flag: 'log-level',
    type: '`debug`, `info`, `warn`, `error` or `silent`',
    default: 'info',
    doc: 'Least severe lines to write to standard error.',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
  },
} as const satisfies Record<string, Setting>;
