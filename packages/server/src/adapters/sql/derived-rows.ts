import type { AssetStore, Derived } from '../../ports/asset-store.js';
import { derivedFromRow, derivedToRow } from './asset-rows.js';
import { chunks } from './chunks.js';
import { compileOnce, type ValueOf } from './compile-once.js';
import type { Database } from './database.js';
import { inTransaction } from './transaction.js';

type DerivedRows = Pick<
  AssetStore,
  'addDerived' | 'keepDerived' | 'findDerived' | 'listDerived' | 'usedTransformations' | 'deleteDerived'
>;
type DerivedKey = { cloud: string } & Pick<Derived, 'assetId' | 'versionId' | 'transformation' | 'format'>;

/** What was made from assets. `findDerived` stands in the way of every delivery of a transformed asset. */
export function derivedRows(database: Database): DerivedRows {
  const { reads } = database;
  const byKey = compileOnce(reads, (value: ValueOf<DerivedKey>) =>
    reads
      .selectFrom('derived')
      .selectAll()
      .where('cloud', '=', value('cloud'))
      .where('asset_id', '=', value('assetId'))
      .where('version_id', '=', value('versionId'))
      .where('transformation', '=', value('transformation'))
      .where('format', '=', value('format')),
  );

  return {
    addDerived: (cloud, derived, { replaces = null, ...options } = {}) =>
      inTransaction(database, options, async (trx) => {
        const current = await trx
          .selectFrom('asset')
          .select('asset_id')
          .where('cloud', '=', cloud)
          .where('asset_id', '=', derived.assetId)
          .where('version_id', '=', derived.versionId)
          .executeTakeFirst();
        if (current === undefined) return false;
        if (replaces !== null)
          await trx
            .deleteFrom('derived')
            .where('cloud', '=', cloud)
            .where('derived_id', '=', replaces.derivedId)
            .where('blob_key', '=', replaces.blobKey)
            .execute();
        const added = await trx
          .insertInto('derived')
          .values(derivedToRow(cloud, derived))
          .onConflict((conflict) =>
            conflict.columns(['asset_id', 'version_id', 'transformation', 'format']).doNothing(),
          )
          .executeTakeFirst();
        return added.numInsertedOrUpdatedRows === 1n;
      }),

    keepDerived: (cloud, derivedId, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const kept = await trx
          .updateTable('derived')
          .set({ on_request: 0 })
          .where('cloud', '=', cloud)
          .where('derived_id', '=', derivedId)
          .executeTakeFirst();
        return kept.numUpdatedRows === 1n;
      }),

    findDerived: async (key, options) => {
      const row = await byKey(key, options);
      return row === undefined ? null : derivedFromRow(row);
    },

    listDerived: async (cloud, assetId, { signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await reads
        .selectFrom('derived')
        .selectAll()
        .where('cloud', '=', cloud)
        .where('asset_id', '=', assetId)
        .orderBy('created_at')
        .orderBy('derived_id')
        .execute();
      return rows.map(derivedFromRow);
    },

    usedTransformations: async ({ cloud, transformations }, { signal } = {}) => {
      const used = new Set<string>();
      for (const some of chunks(transformations)) {
        signal?.throwIfAborted();
        const rows = await reads
          .selectFrom('derived')
          .select('transformation')
          .distinct()
          .where('cloud', '=', cloud)
          .where('transformation', 'in', some)
          .execute();
        for (const { transformation } of rows) used.add(transformation);
      }
      return used;
    },

    deleteDerived: (filter, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const removed = await trx
          .deleteFrom('derived')
          .where('cloud', '=', filter.cloud)
          .where((eb) =>
            'assetId' in filter
              ? eb('asset_id', '=', filter.assetId)
              : eb('transformation', '=', filter.transformation),
          )
          .returning('blob_key')
          .execute();
        return removed.map((row) => row.blob_key);
      }),
  };
}
