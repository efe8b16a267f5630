import type {
  ColumnDefinitionBuilder,
  CreateTableBuilder,
  Kysely,
  RawBuilder,
  SelectQueryBuilder,
} from 'kysely';
import type { Schema, TotalTable } from '../schema.js';

/**
 * Everything in which one SQL engine differs from another for this adapter. Queries and migrations are shared; whoever adds an
 * engine writes one of these and nothing above it changes.
 */
export interface SqlDialect {
  readonly name: string;
  /** What an engine's error means to a caller; null when it is nothing a caller could act on. */
  readonly meaning: (error: unknown) => 'duplicate' | 'full' | null;
  /** Called first inside the migration transaction: only one process may be past it at a time. */
  readonly lockSchema: (db: Kysely<Schema>) => Promise<void>;
  /** A column that numbers rows in the order of insertion. */
  readonly sequence: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  /** Stores the rows in the order of the primary key, where the engine can. */
  readonly clustered: <T extends string, C extends string>(
    table: CreateTableBuilder<T, C>,
  ) => CreateTableBuilder<T, C>;
  /** Makes the engine itself refuse updates and deletes of a table. */
  readonly refuseChanges: (db: Kysely<Schema>, table: keyof Schema) => Promise<void>;
  /**
   * Makes the engine itself keep a row of `total` at the sum of `amount` over a table, from what it is now: in the transaction that
   * changes the rows, whichever statement it is, a cascade too.
   */
  readonly keepTotal: (
    db: Kysely<Schema>,
    total: {
      readonly name: TotalTable['name'];
      readonly table: keyof Schema;
      readonly amount: (row: 'new' | 'old') => RawBuilder<number>;
    },
  ) => Promise<void>;
  /** For the row a claimer is about to take: others pass over it instead of waiting. */
  readonly skipLocked: <T extends keyof Schema, O>(
    query: SelectQueryBuilder<Schema, T, O>,
  ) => SelectQueryBuilder<Schema, T, O>;
}
