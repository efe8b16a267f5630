import type { Driver } from 'kysely';
import type { SqliteConnection } from './sqlite-connection.js';

/**
 * Kysely's driver for one connection.
 *
 * The *writer* is lent to one user at a time, in the order of asking, because a transaction spans several turns of the event
 * loop. The *reader* is lent to everybody at once: each of its calls is a single statement, complete within one turn.
 */
export class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;
  readonly #role: 'writer' | 'reader';
  readonly #waiting: (() => void)[] = [];
  #lent = false;

  constructor(connection: SqliteConnection, role: 'writer' | 'reader') {
    this.#connection = connection;
    this.#role = role;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    if (this.#role === 'writer') {
      if (this.#lent) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#lent = true;
    }
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    // Handed over while still lent, so that nobody can slip in between.
    if (next === undefined) this.#lent = false;
    else next();
  }

  /** Takes the write lock at once: a transaction that has begun never loses a race at its first write. */
  async beginTransaction(): Promise<void> {
    if (this.#role === 'reader') throw new Error('the reading connection has no transactions');
    await this.#execute('begin immediate');
  }

  async commitTransaction(): Promise<void> {
    await this.#execute('commit');
  }

  /** SQLite has already rolled back by itself after some errors (disk full, I/O). */
  async rollbackTransaction(): Promise<void> {
    if (this.#connection.inTransaction) await this.#execute('rollback');
  }

  /** Kysely calls this only if a query was ever made; whoever opened the connection closes it. */
  async destroy(): Promise<void> {}

  async #execute(sql: string): Promise<void> {
    await this.#connection.executeQuery({ sql, parameters: [] });
  }
}
