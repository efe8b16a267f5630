import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialects/sql-dialect.js';
import type { Schema } from '../schema.js';

/** One step from a schema version to the next. Runs inside the transaction of all steps. */
export type Migration = (db: Kysely<Schema>, dialect: SqlDialect) => Promise<void>;
