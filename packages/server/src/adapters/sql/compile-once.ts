import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import type { IoOptions } from '../../ports/io.js';
import type { Schema } from './schema.js';

/** Names, in a query under construction, a value that comes with each call. */
export type ValueOf<Values> = <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>;

/** Stands in the compiled query where a value goes. */
class Slot<Values> {
  readonly name: keyof Values;
  constructor(name: keyof Values) {
    this.name = name;
  }
}

/**
 * A query of a hot path that answers one row, built and compiled once; the answer takes the values of each call, and the
 * transaction it is part of if it is not one by itself. Together with the kept prepared statements a call costs little more than
 * the engine's work.
 */
export function compileOnce<Values, Row>(
  db: Kysely<Schema>,
  build: (value: ValueOf<Values>) => Compilable<Row>,
): (values: Values, options?: IoOptions, on?: Kysely<Schema>) => Promise<Row | undefined> {
  const query = build((name) => sql`${new Slot<Values>(name)}`).compile();
  return async (values, { signal } = {}, on = db) => {
    signal?.throwIfAborted();
    const parameters = query.parameters.map((value) =>
      value instanceof Slot ? values[value.name as keyof Values] : value,
    );
    const { rows } = await on.executeQuery<Row>({ ...query, parameters });
    return rows[0];
  };
}
