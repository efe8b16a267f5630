import { type Kysely, sql } from 'kysely';
import type { AssetPage, AssetQuery } from '../../ports/asset-store.js';
import { assetFromRow } from './asset-rows.js';
import { prefixEnd } from './prefix-range.js';
import type { Schema } from './schema.js';

const everyResourceType = ['image', 'video', 'raw'] as const;
const everyType = ['upload', 'private', 'authenticated'] as const;

/** One page of `AssetStore.listAssets`; reads one row more than asked for, to see whether there is a next page. */
export async function listAssets(db: Kysely<Schema>, query: AssetQuery): Promise<AssetPage> {
  if (query.publicIds?.length === 0) return { assets: [], next: null };
  const rows = await pageQuery(db, query).execute();
  const assets = rows.slice(0, query.limit).map(assetFromRow);
  const last = assets.at(-1);
  const hasMore = rows.length > query.limit && last !== undefined;
  return { assets, next: hasMore ? { createdAtMs: last.createdAtMs, assetId: last.assetId } : null };
}

/** The statement behind a page. `list-assets.test.ts` holds it to walking an index. */
export function pageQuery(db: Kysely<Schema>, query: AssetQuery) {
  const { cloud, tag, startAtMs, cursor, direction } = query;
  // A tag is listed from its own table, which stands in list order; everything else from the assets.
  const listed = tag === undefined ? 'asset' : 'asset_tag';
  const column = sql.ref<number>(`${listed}.created_at`);
  // The plus keeps the engine from walking all assets in list order to find the few with these public ids.
  const createdAt = searchesPublicIds(query) ? sql<number>`+${column}` : column;
  const assetId = sql.ref<string>(`${listed}.asset_id`);

  return matchingAssets(db, query)
    .$if(tag !== undefined, (assets) =>
      assets
        .innerJoin('asset_tag', 'asset_tag.asset_id', 'asset.asset_id')
        .where('asset_tag.cloud', '=', cloud)
        .where('asset_tag.tag', '=', tag ?? ''),
    )
    .$if(startAtMs !== undefined, (assets) => assets.where(createdAt, '>=', startAtMs ?? 0))
    .$if(cursor !== null, (assets) =>
      assets.where(
        sql<boolean>`(${createdAt}, ${assetId}) ${direction === 'asc' ? sql`>` : sql`<`}
          (${cursor?.createdAtMs ?? 0}, ${cursor?.assetId ?? ''})`,
      ),
    )
    .orderBy(createdAt, direction)
    .orderBy(assetId, direction)
    .limit(query.limit + 1);
}

/**
 * The conditions on the asset itself. Searches by public id name every resource type and type when the query leaves them open:
 * these stand before the public id in the unique index, and a list of values lets the engine use the whole of it.
 */
function matchingAssets(db: Kysely<Schema>, query: AssetQuery) {
  const { cloud, resourceType, type, prefix, publicIds } = query;
  const byPublicId = searchesPublicIds(query);
  const resourceTypes = resourceType === null ? everyResourceType : [resourceType];
  const types = type === null ? everyType : [type];
  const end = prefix === undefined ? null : prefixEnd(prefix);
  return db
    .selectFrom('asset')
    .selectAll('asset')
    .where('asset.cloud', '=', cloud)
    .$if(byPublicId || resourceType !== null, (assets) =>
      assets.where('asset.resource_type', 'in', resourceTypes),
    )
    .$if(byPublicId || type !== null, (assets) => assets.where('asset.type', 'in', types))
    .$if(byPublicId && prefix !== undefined, (assets) => assets.where('asset.public_id', '>=', prefix ?? ''))
    .$if(end !== null, (assets) => assets.where('asset.public_id', '<', end ?? ''))
    .$if(publicIds !== undefined, (assets) => assets.where('asset.public_id', 'in', publicIds ?? []));
}

/** Every public id has the empty prefix. */
function searchesPublicIds({ prefix, publicIds }: AssetQuery): boolean {
  return (prefix !== undefined && prefix !== '') || publicIds !== undefined;
}
