import type { AssetStore, Derived } from '../../ports/asset-store.js';
import { type DerivedRow, derivedColumns, derivedFromRow, derivedToRow } from './asset-rows.js';
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

  /** Inserts nothing where the version is no longer the asset's, or the derivative is there. */
  const insert = compileOnce(reads, (value: ValueOf<DerivedRow>) =>
    reads
      .insertInto('derived')
      .columns([...derivedColumns])
      .expression((eb) =>
        eb
          .selectFrom('asset')
          .select(derivedColumns.map((column) => value(column).as(column)))
          .where('cloud', '=', value('cloud'))
          .where('asset_id', '=', value('asset_id'))
          .where('version_id', '=', value('version_id')),
      )
      .onConflict((conflict) =>
        conflict.columns(['asset_id', 'version_id', 'transformation', 'format']).doNothing(),
      )
      .returning('derived_id'),
  );

  return {
    addDerived: (cloud, derived, { replaces = null, ...options } = {}) =>
      inTransaction(database, options, async (trx) => {
        if (replaces !== null)
          await trx
            .deleteFrom('derived')
            .where('cloud', '=', cloud)
            .where('derived_id', '=', replaces.derivedId)
            .where('blob_key', '=', replaces.blobKey)
            .execute();
        return (await insert(derivedToRow(cloud, derived), options, trx)) !== undefined;
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
