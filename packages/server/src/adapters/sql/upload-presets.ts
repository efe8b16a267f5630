import type { Selectable } from 'kysely';
import type { AccountStore, UploadPreset } from '../../ports/account-store.js';
import { compileOnce, type ValueOf } from './compile-once.js';
import type { Database } from './database.js';
import { parseRecord } from './json-text.js';
import type { UploadPresetTable } from './schema.js';
import { inTransaction } from './transaction.js';

type UploadPresets = Pick<
  AccountStore,
  'createPreset' | 'findPreset' | 'listPresets' | 'updatePreset' | 'deletePreset'
>;

/** Upload presets, by cloud and name. `findPreset` is part of every upload that names one. */
export function uploadPresets(database: Database): UploadPresets {
  const { reads } = database;
  const byName = compileOnce(reads, (value: ValueOf<Pick<UploadPreset, 'cloud' | 'name'>>) =>
    reads
      .selectFrom('upload_preset')
      .selectAll()
      .where('cloud', '=', value('cloud'))
      .where('name', '=', value('name')),
  );

  return {
    createPreset: (preset, options = {}) =>
      inTransaction(database, options, async (trx) => {
        await trx.insertInto('upload_preset').values(presetToRow(preset)).execute();
      }),

    findPreset: async (cloud, name, options) => {
      const row = await byName({ cloud, name }, options);
      return row === undefined ? null : presetFromRow(row);
    },

    listPresets: async ({ cloud, after, limit }, { signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await reads
        .selectFrom('upload_preset')
        .selectAll()
        .where('cloud', '=', cloud)
        .where('name', '>', after ?? '')
        .orderBy('name')
        .limit(limit)
        .execute();
      return rows.map(presetFromRow);
    },

    updatePreset: (preset, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const { cloud, name, ...changes } = presetToRow(preset);
        const updated = await trx
          .updateTable('upload_preset')
          .set(changes)
          .where('cloud', '=', cloud)
          .where('name', '=', name)
          .executeTakeFirst();
        return updated.numUpdatedRows === 1n;
      }),

    deletePreset: (cloud, name, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const deleted = await trx
          .deleteFrom('upload_preset')
          .where('cloud', '=', cloud)
          .where('name', '=', name)
          .executeTakeFirst();
        return deleted.numDeletedRows === 1n;
      }),
  };
}

function presetToRow(preset: UploadPreset): Selectable<UploadPresetTable> {
  return {
    cloud: preset.cloud,
    name: preset.name,
    external_id: preset.externalId,
    unsigned: preset.unsigned ? 1 : 0,
    disallow_public_id: preset.disallowPublicId ? 1 : 0,
    settings: JSON.stringify(preset.settings),
    created_at: preset.createdAtMs,
  };
}

function presetFromRow(row: Selectable<UploadPresetTable>): UploadPreset {
  return {
    cloud: row.cloud,
    name: row.name,
    externalId: row.external_id,
    unsigned: row.unsigned === 1,
    disallowPublicId: row.disallow_public_id === 1,
    settings: parseRecord(row.settings),
    createdAtMs: row.created_at,
  };
}
