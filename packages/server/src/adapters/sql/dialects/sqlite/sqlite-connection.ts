import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { LRUCache } from 'lru-cache';
import { retryWhileBusy } from './retry-while-busy.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-module.js';

const MAX_KEPT_STATEMENTS = 200;

/**
 * What SQLite would not give back as it came: the engine reads text only up to a NUL, and a lone surrogate is stored as U+FFFD.
 * Both would let two different names become one, so they are refused here as well as at the edge.
 */
const unstorable = /[\0\p{Surrogate}]/u;

interface KeptStatement {
  readonly statement: SqliteStatement;
  readonly returnsRows: boolean;
}

/** One open connection with its prepared statements. Calls are synchronous inside; only waiting for a lock is not. */
export class SqliteConnection implements DatabaseConnection {
  readonly #handle: SqliteHandle;
  readonly #kept = new LRUCache<string, KeptStatement>({ max: MAX_KEPT_STATEMENTS });

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  get inTransaction(): boolean {
    return this.#handle.isTransaction;
  }

  async executeQuery<R>({
    sql,
    parameters,
  }: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<R>> {
    for (const value of parameters) {
      if (typeof value === 'string' && unstorable.test(value)) {
        throw new TypeError('text with NUL or a lone surrogate cannot be stored');
      }
    }
    return retryWhileBusy(() => this.#run<R>(sql, parameters));
  }

  // biome-ignore lint/correctness/useYield: part of Kysely's interface; nothing here streams rows
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('rows are read in pages, never streamed');
  }

  close(): void {
    this.#kept.clear();
    this.#handle.close();
  }

  #run<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const { statement, returnsRows } = this.#prepare(sql);
    if (returnsRows) return { rows: statement.all(...parameters) as R[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
  }

  #prepare(sql: string): KeptStatement {
    const kept = this.#kept.get(sql);
    if (kept !== undefined) return kept;
    const statement = this.#handle.prepare(sql);
    const fresh = { statement, returnsRows: statement.columns().length > 0 };
    this.#kept.set(sql, fresh);
    return fresh;
  }
}
