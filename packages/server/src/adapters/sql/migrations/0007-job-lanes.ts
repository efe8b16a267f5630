import type { Migration } from './migration.js';

/**
 * Jobs are claimed by kind, and those of one subject in turn. Who has to wait is written down (`waits`), not looked for: `job_ready` holds
 * the runnable jobs of a kind in the order in which they are taken, however many others wait; `job_subject` finds who is next.
 * Jobs that were there before have no subject. Uploads by URL among them, those without kept bytes, get the kind they have now.
 */
export const addJobLanes: Migration = async (db) => {
  await db.schema.alterTable('job').addColumn('subject', 'text').execute();
  for (const name of ['turn', 'waits', 'postponed'] as const)
    await db.schema
      .alterTable('job')
      .addColumn(name, 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  await db.schema.dropIndex('job_next').execute();
  await db.schema
    .createIndex('job_ready')
    .on('job')
    .columns(['kind', 'dead', 'waits', 'available_at', 'id'])
    .execute();
  await db.schema.createIndex('job_subject').on('job').columns(['subject', 'dead', 'turn']).execute();
  await db
    .updateTable('job')
    .set({ kind: 'upload-url' })
    .where('kind', '=', 'upload')
    .where('blob_key', 'is', null)
    .execute();
};
