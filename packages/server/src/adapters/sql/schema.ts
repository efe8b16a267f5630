import type { Generated } from 'kysely';
import type { DeliveryType, ResourceType } from '../../ports/asset-store.js';

/**
 * The tables, as Kysely sees them. Times are milliseconds since the epoch, flags are 0 or 1, objects and lists are JSON text.
 * Every row that belongs to a cloud names it, and every query that serves a cloud asks for it (threat model T36).
 */
export interface Schema {
  cloud: CloudTable;
  api_key: ApiKeyTable;
  upload_preset: UploadPresetTable;
  named_transformation: NamedTransformationTable;
  audit_entry: AuditEntryTable;
  setting: SettingTable;
  asset: AssetTable;
  asset_tag: AssetTagTable;
  derived: DerivedTable;
  total: TotalTable;
  delete_token: DeleteTokenTable;
  signature_use: SignatureUseTable;
  job: JobTable;
  chunked_upload: ChunkedUploadTable;
  chunk: ChunkTable;
}

type Flag = 0 | 1;

export interface CloudTable {
  name: string;
  created_at: number;
}

export interface ApiKeyTable {
  api_key: string;
  cloud: string;
  /** See `secret-box.ts`; never the secret itself (threat model T40). */
  sealed_secret: string;
  policy: string;
  disabled: Flag;
  created_at: number;
}

export interface UploadPresetTable {
  cloud: string;
  name: string;
  external_id: string;
  unsigned: Flag;
  disallow_public_id: Flag;
  settings: string;
  created_at: number;
}

export interface NamedTransformationTable {
  cloud: string;
  name: string;
  transformation: string;
  allowed_for_strict: Flag;
  created_at: number;
}

export interface AuditEntryTable {
  entry: Generated<number>;
  cloud: string;
  at: number;
  actor: string;
  action: string;
  subject: string;
}

export interface SettingTable {
  name: string;
  value: string;
}

export interface AssetTable {
  asset_id: string;
  cloud: string;
  resource_type: ResourceType;
  type: DeliveryType;
  public_id: string;
  version_id: string;
  /** Seconds. */
  version: number;
  created_at: number;
  updated_at: number;
  format: string | null;
  bytes: number;
  etag: string;
  blob_key: string;
  original_filename: string | null;
  original_extension: string | null;
  display_name: string;
  asset_folder: string;
  tags: string;
  context: string;
  media: string | null;
  face_coordinates: string;
  custom_coordinates: string;
  extra: string;
}

/** One row per tag, so that a tag is found in list order without reading the assets that do not have it. */
export interface AssetTagTable {
  cloud: string;
  tag: string;
  /** The asset's. */
  created_at: number;
  asset_id: string;
}

export interface DerivedTable {
  derived_id: string;
  cloud: string;
  asset_id: string;
  version_id: string;
  transformation: string;
  format: string;
  width: number;
  height: number;
  bytes: number;
  etag: string;
  blob_key: string;
  created_at: number;
  /** Made for a viewer; 0: part of its upload. */
  on_request: Flag;
}

/** Sums that the engine keeps (`SqlDialect.keepTotal`): read here, written by nobody. */
export interface TotalTable {
  name: 'derived_on_request_bytes';
  value: number;
}

export interface DeleteTokenTable {
  cloud: string;
  token_hash: string;
  asset_id: string;
  expires_at: number;
}

export interface SignatureUseTable {
  cloud: string;
  hash: string;
  expires_at: number;
}

export interface JobTable {
  id: string;
  kind: string;
  cloud: string;
  payload: string;
  /** `payload.blobKey`, so that the sweeper finds it by index. */
  blob_key: string | null;
  run_at: number;
  /** When somebody may take it next: `run_at`, the retry time, or the end of the lease. */
  available_at: number;
  attempt: number;
  postponed: number;
  lease_token: string | null;
  dead: Flag;
  error: string | null;
  /** Jobs with one subject run one after the other. */
  subject: string | null;
  /** The order among them; 0 without a subject. */
  turn: number;
  /** An earlier job of the subject has not ended. */
  waits: Flag;
}

export interface ChunkedUploadTable {
  id: string;
  cloud: string;
  owner: string;
  /** The client's. */
  upload_id: string;
  resource_type: ResourceType | 'auto';
  public_id: string | null;
  filename: string | null;
  total_bytes: number | null;
  received_bytes: number;
  end_bytes: number;
  network: string | null;
  created_at: number;
  updated_at: number;
  lease_token: string | null;
  /** 0 without a lease. */
  lease_until: number;
  finished: Flag;
  asset_id: string | null;
  outcome: string | null;
}

export interface ChunkTable {
  upload: string;
  start_byte: number;
  /** Exclusive. */
  end_byte: number;
  md5: string;
  /** Null once the upload is finished. */
  blob_key: string | null;
}
