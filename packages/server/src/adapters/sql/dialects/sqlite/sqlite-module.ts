/** The part of `node:sqlite` that is used here; `@photostructure/sqlite` has the same one. */
export interface SqliteHandle {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  /** One entry per result column: none for statements that return no rows. */
  columns(): readonly unknown[];
  all(...parameters: readonly unknown[]): unknown[];
  run(...parameters: readonly unknown[]): { readonly changes: number | bigint };
}

export type SqliteConstructor = new (path: string) => SqliteHandle;

interface SqliteModule {
  readonly DatabaseSync: SqliteConstructor;
  readonly StatementSync: { readonly prototype: object };
}

/**
 * The SQLite engine: the one built into Node where it is there and complete (Node 22.16 and later), else the packaged one.
 * Early built-in versions cannot tell which statements return rows (`columns`), and are passed over.
 */
export async function loadSqlite(): Promise<SqliteConstructor> {
  const builtIn = await import(builtInName).then(
    (module: SqliteModule) => module,
    () => null,
  );
  if (builtIn !== null && 'columns' in builtIn.StatementSync.prototype) return builtIn.DatabaseSync;
  const packaged = await import('@photostructure/sqlite');
  return packaged.DatabaseSync as unknown as SqliteConstructor;
}

// A name in a variable: Node 20's types do not know the module, and bundlers must not try to find it.
const builtInName: string = 'node:sqlite';
