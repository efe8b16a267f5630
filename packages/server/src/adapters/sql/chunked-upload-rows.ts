import type { Selectable } from 'kysely';
import type { ChunkedUpload, StoredChunk, UploadKey } from '../../ports/chunk-store.js';
import { parseJson } from './json-text.js';
import type { ChunkedUploadTable, ChunkTable } from './schema.js';

export function uploadFromRow(row: Selectable<ChunkedUploadTable>): ChunkedUpload {
  return {
    id: row.id,
    resourceType: row.resource_type,
    publicId: row.public_id,
    filename: row.filename === null ? null : parseJson(row.filename),
    totalBytes: row.total_bytes,
    receivedBytes: row.received_bytes,
    endBytes: row.end_bytes,
    network: row.network,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    lease: row.lease_token === null ? null : { token: row.lease_token, untilMs: row.lease_until },
    finished:
      row.finished === 0
        ? null
        : { assetId: row.asset_id, outcome: row.outcome === null ? null : parseJson(row.outcome) },
  };
}

export function uploadToRow(key: UploadKey, upload: ChunkedUpload): Selectable<ChunkedUploadTable> {
  const { finished, lease } = upload;
  return {
    id: upload.id,
    cloud: key.cloud,
    owner: key.owner,
    upload_id: key.uploadId,
    resource_type: upload.resourceType,
    public_id: upload.publicId,
    filename: upload.filename === null ? null : JSON.stringify(upload.filename),
    total_bytes: upload.totalBytes,
    received_bytes: upload.receivedBytes,
    end_bytes: upload.endBytes,
    network: upload.network,
    created_at: upload.createdAtMs,
    updated_at: upload.updatedAtMs,
    lease_token: lease?.token ?? null,
    lease_until: lease?.untilMs ?? 0,
    finished: finished === null ? 0 : 1,
    asset_id: finished?.assetId ?? null,
    outcome: finished?.outcome == null ? null : JSON.stringify(finished.outcome),
  };
}

export function chunkFromRow(row: Selectable<ChunkTable>): StoredChunk {
  return { start: row.start_byte, end: row.end_byte, md5: row.md5, blobKey: row.blob_key };
}
