import type { EagerItem, Rectangle, Transformation } from '@counterseal/protocol';
import type { DeliveryType, ResourceType } from '../ports/asset-store.js';
import type { UploadLease } from '../ports/upload-lease.js';
import type { NamingRequest } from './name-asset.js';

/** A parsed, validated upload: what `ingest-upload` acts on. JSON-safe, so that it can wait in the job queue. */
export interface UploadCommand {
  readonly cloud: string;
  readonly resourceType: ResourceType | 'auto';
  readonly type: DeliveryType;
  readonly naming: NamingRequest;
  readonly overwrite: boolean;
  readonly tags: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly faceCoordinates: readonly Rectangle[];
  readonly customCoordinates: readonly Rectangle[];
  readonly allowedFormats: readonly string[];
  /** Convert before storing. */
  readonly format: string | null;
  /** Incoming transformation; null when there is none. */
  readonly transformation: Transformation | null;
  readonly eager: readonly EagerItem[];
  readonly eagerAsync: boolean;
  readonly returnDeleteToken: boolean;
  readonly analyse: { readonly colors: boolean; readonly phash: boolean; readonly metadata: boolean };
  /** API key for the answer and the audit; null when unsigned. */
  readonly apiKey: string | null;
  /** Set when the key's signatures may complete one upload only. */
  readonly signatureUse: { readonly hash: string; readonly expiresAtMs: number } | null;
  /** Set for the last act of a chunked upload. */
  readonly finishes?: UploadLease | null;
}
