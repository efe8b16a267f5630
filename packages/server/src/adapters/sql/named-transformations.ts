import type { Selectable } from 'kysely';
import type { AccountStore, NamedTransformation } from '../../ports/account-store.js';
import { compileOnce, type ValueOf } from './compile-once.js';
import type { Database } from './database.js';
import type { NamedTransformationTable } from './schema.js';
import { inTransaction } from './transaction.js';

type NamedTransformations = Pick<
  AccountStore,
  | 'createTransformation'
  | 'findTransformation'
  | 'listTransformations'
  | 'updateTransformation'
  | 'deleteTransformation'
>;

/** Named transformations, by cloud and name. `findTransformation` is part of every delivery that uses `t_`. */
export function namedTransformations(database: Database): NamedTransformations {
  const { reads } = database;
  const byName = compileOnce(reads, (value: ValueOf<Pick<NamedTransformation, 'cloud' | 'name'>>) =>
    reads
      .selectFrom('named_transformation')
      .selectAll()
      .where('cloud', '=', value('cloud'))
      .where('name', '=', value('name')),
  );

  return {
    createTransformation: (transformation, options = {}) =>
      inTransaction(database, options, async (trx) => {
        await trx.insertInto('named_transformation').values(toRow(transformation)).execute();
      }),

    findTransformation: async (cloud, name, options) => {
      const row = await byName({ cloud, name }, options);
      return row === undefined ? null : fromRow(row);
    },

    listTransformations: async ({ cloud, after, limit }, { signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await reads
        .selectFrom('named_transformation')
        .selectAll()
        .where('cloud', '=', cloud)
        .where('name', '>', after ?? '')
        .orderBy('name')
        .limit(limit)
        .execute();
      return rows.map(fromRow);
    },

    updateTransformation: (transformation, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const { cloud, name, ...changes } = toRow(transformation);
        const updated = await trx
          .updateTable('named_transformation')
          .set(changes)
          .where('cloud', '=', cloud)
          .where('name', '=', name)
          .executeTakeFirst();
        return updated.numUpdatedRows === 1n;
      }),

    deleteTransformation: (cloud, name, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const deleted = await trx
          .deleteFrom('named_transformation')
          .where('cloud', '=', cloud)
          .where('name', '=', name)
          .executeTakeFirst();
        return deleted.numDeletedRows === 1n;
      }),
  };
}

function toRow(transformation: NamedTransformation): Selectable<NamedTransformationTable> {
  return {
    cloud: transformation.cloud,
    name: transformation.name,
    transformation: transformation.transformation,
    allowed_for_strict: transformation.allowedForStrict ? 1 : 0,
    created_at: transformation.createdAtMs,
  };
}

function fromRow(row: Selectable<NamedTransformationTable>): NamedTransformation {
  return {
    cloud: row.cloud,
    name: row.name,
    transformation: row.transformation,
    allowedForStrict: row.allowed_for_strict === 1,
    createdAtMs: row.created_at,
  };
}
