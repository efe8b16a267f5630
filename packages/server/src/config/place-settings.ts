import { resolve } from 'node:path';
import { z } from 'zod';
import type { Setting } from './setting.js';
import { isHttpOrigin, wholeNumber } from './values.js';

/** Where the server keeps its data, where it listens, and how it is reached. */
export const placeSettings = {
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
} as const satisfies Record<string, Setting>;
