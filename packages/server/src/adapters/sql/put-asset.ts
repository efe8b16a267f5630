import type { Transaction } from 'kysely';
import type { Asset, Derived, PutAsset, PutAssetResult } from '../../ports/asset-store.js';
import { addressColumns, assetFromRow, assetToRow, derivedToRow } from './asset-rows.js';
import { chunks } from './chunks.js';
import { completeJob } from './end-job.js';
import { insertJobs } from './insert-jobs.js';
import type { Schema } from './schema.js';

/** The body of the transaction behind `AssetStore.putAsset`; writes nothing unless it answers *created* or *overwritten*. */
export async function putAsset(trx: Transaction<Schema>, command: PutAsset): Promise<PutAssetResult> {
  if (await jobIsLost(trx, command)) return { outcome: 'lease-lost' };
  if (!(await mayFinish(trx, command))) return { outcome: 'lease-lost' };
  if (await signatureIsUsed(trx, command)) return { outcome: 'signature-used' };

  const previous = await findPrevious(trx, command);
  if (previous !== null && !command.overwrite) return { outcome: 'exists', asset: previous };

  const asset = decideAsset(command, previous);
  const orphanedBlobs = previous === null ? [] : await dropVersion(trx, previous);
  await writeAsset(trx, asset, previous === null);
  await insertTags(trx, asset);
  const derived = await insertDerived(trx, asset, command.derived);
  await insertDeleteToken(trx, asset, command.deleteToken);
  await insertSignatureUse(trx, asset, command.signatureUse);
  await insertJobs(trx, command.jobs);
  if (command.job != null) await completeJob(trx, command.job);
  await finishUpload(trx, asset, command.finishes);

  if (previous === null) return { outcome: 'created', asset, derived };
  const kept = new Set([asset.blobKey, ...derived.map(({ blobKey }) => blobKey)]);
  return {
    outcome: 'overwritten',
    asset,
    derived,
    orphanedBlobs: orphanedBlobs.filter((key) => !kept.has(key)),
  };
}

/** What the store decides: identity and creation stay, the version grows even within one second. */
function decideAsset({ asset: { newAssetId, ...facts } }: PutAsset, previous: Asset | null): Asset {
  const uploadedAtSeconds = Math.floor(facts.updatedAtMs / 1000);
  return {
    ...facts,
    assetId: previous?.assetId ?? newAssetId,
    createdAtMs: previous?.createdAtMs ?? facts.updatedAtMs,
    version: previous === null ? uploadedAtSeconds : Math.max(uploadedAtSeconds, previous.version + 1),
  };
}

async function findPrevious(trx: Transaction<Schema>, { asset }: PutAsset): Promise<Asset | null> {
  const row = await trx
    .selectFrom('asset')
    .selectAll()
    .where((eb) => eb.and(addressColumns(asset)))
    .executeTakeFirst();
  return row === undefined ? null : assetFromRow(row);
}

/** Removes what belongs to the version before, the permission to delete it included. Answers its blob keys. */
async function dropVersion(trx: Transaction<Schema>, { cloud, assetId, blobKey }: Asset): Promise<string[]> {
  const derived = await trx
    .deleteFrom('derived')
    .where('cloud', '=', cloud)
    .where('asset_id', '=', assetId)
    .returning('blob_key')
    .execute();
  await trx.deleteFrom('asset_tag').where('cloud', '=', cloud).where('asset_id', '=', assetId).execute();
  await trx.deleteFrom('delete_token').where('cloud', '=', cloud).where('asset_id', '=', assetId).execute();
  return [blobKey, ...derived.map((row) => row.blob_key)];
}

async function writeAsset(trx: Transaction<Schema>, asset: Asset, isNew: boolean): Promise<void> {
  const row = assetToRow(asset);
  if (isNew) {
    await trx.insertInto('asset').values(row).execute();
    return;
  }
  const { asset_id, cloud, ...changes } = row;
  await trx
    .updateTable('asset')
    .set(changes)
    .where('cloud', '=', cloud)
    .where('asset_id', '=', asset_id)
    .execute();
}

async function insertTags(trx: Transaction<Schema>, asset: Asset): Promise<void> {
  const rows = [...new Set(asset.tags)].map((tag) => ({
    cloud: asset.cloud,
    tag,
    created_at: asset.createdAtMs,
    asset_id: asset.assetId,
  }));
  for (const some of chunks(rows))
    await trx
      .insertInto('asset_tag')
      .values([...some])
      .execute();
}

async function insertDerived(
  trx: Transaction<Schema>,
  asset: Asset,
  requested: PutAsset['derived'],
): Promise<Derived[]> {
  const derived = requested.map((facts) => ({
    ...facts,
    assetId: asset.assetId,
    versionId: asset.versionId,
  }));
  const rows = derived.map((one) => derivedToRow(asset.cloud, one));
  for (const some of chunks(rows))
    await trx
      .insertInto('derived')
      .values([...some])
      .execute();
  return derived;
}

async function insertDeleteToken(
  trx: Transaction<Schema>,
  { cloud, assetId, updatedAtMs }: Asset,
  token: PutAsset['deleteToken'],
): Promise<void> {
  if (token === null) return;
  await trx.deleteFrom('delete_token').where('expires_at', '<=', updatedAtMs).execute();
  await trx
    .insertInto('delete_token')
    .values({ cloud, token_hash: token.tokenHash, asset_id: assetId, expires_at: token.expiresAtMs })
    .execute();
}

async function signatureIsUsed(
  trx: Transaction<Schema>,
  { asset: { cloud }, signatureUse }: PutAsset,
): Promise<boolean> {
  if (signatureUse === null) return false;
  const used = await trx
    .selectFrom('signature_use')
    .select('hash')
    .where('cloud', '=', cloud)
    .where('hash', '=', signatureUse.hash)
    .executeTakeFirst();
  return used !== undefined;
}

async function mayFinish(trx: Transaction<Schema>, { finishes }: PutAsset): Promise<boolean> {
  if (finishes == null) return true;
  const leased = await trx
    .selectFrom('chunked_upload')
    .select('id')
    .where('id', '=', finishes.id)
    .where('lease_token', '=', finishes.token)
    .where('finished', '=', 0)
    .executeTakeFirst();
  return leased !== undefined;
}

async function finishUpload(
  trx: Transaction<Schema>,
  { assetId, updatedAtMs }: Asset,
  finishes: PutAsset['finishes'],
): Promise<void> {
  if (finishes == null) return;
  await trx
    .updateTable('chunked_upload')
    .set({ finished: 1, asset_id: assetId, updated_at: updatedAtMs })
    .where('id', '=', finishes.id)
    .execute();
}

/** Expired signatures are refused by their timestamp, so their hashes need not be kept. */
async function insertSignatureUse(
  trx: Transaction<Schema>,
  { cloud, updatedAtMs }: Asset,
  use: PutAsset['signatureUse'],
): Promise<void> {
  if (use === null) return;
  await trx.deleteFrom('signature_use').where('expires_at', '<=', updatedAtMs).execute();
  await trx
    .insertInto('signature_use')
    .values({ cloud, hash: use.hash, expires_at: use.expiresAtMs })
    .execute();
}

async function jobIsLost(trx: Transaction<Schema>, { job }: PutAsset): Promise<boolean> {
  if (job === undefined || job === null) return false;
  const held = await trx
    .selectFrom('job')
    .select('id')
    .where('id', '=', job.id)
    .where('lease_token', '=', job.leaseToken)
    .executeTakeFirst();
  return held === undefined;
}
