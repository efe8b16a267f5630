import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from './database.js';

/** A database file in a folder of its own, and any number of connections to it. */
export interface TemporaryDatabase {
  readonly folder: string;
  readonly path: string;
  /** Opened the first time it is asked for, closed with the rest. */
  connect(): Promise<Database>;
  /** Closes all connections and removes the folder. */
  remove(): Promise<void>;
}

export async function temporaryDatabase(): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'counterseal-sql-'));
  const path = join(folder, 'counterseal.db');
  const open: Database[] = [];
  return {
    folder,
    path,
    connect: async () => {
      const database = await openDatabase({ path });
      open.push(database);
      return database;
    },
    remove: async () => {
      await Promise.all(open.map((database) => database.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
