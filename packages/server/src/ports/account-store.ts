import type { IoOptions } from './io.js';

/** Who may sign and under which defaults: clouds, API keys, upload presets, named transformations. */
export interface AccountStore {
  createCloud(name: string, options?: IoOptions): Promise<void>;
  cloudExists(name: string, options?: IoOptions): Promise<boolean>;
  listClouds(options?: IoOptions): Promise<string[]>;
  cloudCreatedAtMs(name: string, options?: IoOptions): Promise<number | null>;

  /** Stores the secret encrypted. Rejects with `DuplicateError` when the key exists in any cloud. */
  createKey(key: NewApiKey, options?: IoOptions): Promise<void>;
  /** The key with its secret decrypted; null when unknown. Disabled keys are returned with `disabled: true`. */
  findKey(apiKey: string, options?: IoOptions): Promise<ApiKey | null>;
  /** Without secrets. Oldest first. */
  listKeys(cloud: string | null, options?: IoOptions): Promise<Omit<ApiKey, 'secret'>[]>;
  /** False when there is no such key. */
  disableKey(apiKey: string, options?: IoOptions): Promise<boolean>;

  /** Rejects with `DuplicateError` when the name is taken in that cloud. */
  createPreset(preset: UploadPreset, options?: IoOptions): Promise<void>;
  findPreset(cloud: string, name: string, options?: IoOptions): Promise<UploadPreset | null>;
  /** By name; `after` is the last name of the page before. */
  listPresets(
    page: { cloud: string; after: string | null; limit: number },
    options?: IoOptions,
  ): Promise<UploadPreset[]>;
  /** Replaces; false when there is no such preset. */
  updatePreset(preset: UploadPreset, options?: IoOptions): Promise<boolean>;
  deletePreset(cloud: string, name: string, options?: IoOptions): Promise<boolean>;

  /** Rejects with `DuplicateError` when the name is taken in that cloud. */
  createTransformation(transformation: NamedTransformation, options?: IoOptions): Promise<void>;
  findTransformation(cloud: string, name: string, options?: IoOptions): Promise<NamedTransformation | null>;
  listTransformations(
    page: { cloud: string; after: string | null; limit: number },
    options?: IoOptions,
  ): Promise<NamedTransformation[]>;
  updateTransformation(transformation: NamedTransformation, options?: IoOptions): Promise<boolean>;
  deleteTransformation(cloud: string, name: string, options?: IoOptions): Promise<boolean>;

  /** Append-only record of a change to keys, presets, transformations or assets (threat model T50). */
  appendAudit(entry: AuditEntry, options?: IoOptions): Promise<void>;
  listAudit(cloud: string, limit: number, options?: IoOptions): Promise<AuditEntry[]>;
}

export interface ApiKey {
  readonly apiKey: string;
  readonly secret: string;
  readonly cloud: string;
  readonly policy: KeyPolicy;
  readonly disabled: boolean;
  readonly createdAtMs: number;
}

export type NewApiKey = Omit<ApiKey, 'disabled'>;

export interface KeyPolicy {
  /** Accepted request-signature algorithms. */
  readonly algorithms: readonly ('sha1' | 'sha256')[];
  /** Also accept signature version 1 (no `&` escaping). */
  readonly allowV1: boolean;
  /** Refuse parameters the operation does not know instead of ignoring them. */
  readonly strict: boolean;
  /** A signature may complete one upload only. */
  readonly singleUse: boolean;
}

export interface UploadPreset {
  readonly cloud: string;
  readonly name: string;
  /** 32 hex digits, fixed for life. */
  readonly externalId: string;
  readonly unsigned: boolean;
  readonly disallowPublicId: boolean;
  /** Wire names and texts of upload parameters, exactly as an upload would send them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
}

export interface NamedTransformation {
  readonly cloud: string;
  /** Without the `t_`. */
  readonly name: string;
  /** Canonical text. */
  readonly transformation: string;
  readonly allowedForStrict: boolean;
  readonly createdAtMs: number;
}

export interface AuditEntry {
  readonly cloud: string;
  readonly atMs: number;
  /** API key, `unsigned`, or `cli`. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
}
