import type { Kysely } from 'kysely';
import type { Schema } from './schema.js';

/** The living jobs of a subject in the order of their turns: `asc` begins with the one that may run, `desc` with the last one put in. */
export function inTurn(db: Kysely<Schema>, subject: string, direction: 'asc' | 'desc') {
  return db
    .selectFrom('job')
    .select(['id', 'turn'])
    .where('subject', '=', subject)
    .where('dead', '=', 0)
    .orderBy('turn', direction)
    .limit(1);
}
