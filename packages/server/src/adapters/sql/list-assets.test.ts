import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetQuery } from '../../ports/asset-store.js';
import { listing } from '../../ports/contracts/asset-samples.contract.js';
import type { Database } from './database.js';
import { pageQuery } from './list-assets.js';
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.test-support.js';

const cursor = { createdAtMs: 1, assetId: 'a' };
const image = { resourceType: 'image', type: 'upload' } as const;

describe('pageQuery', () => {
  let files: TemporaryDatabase;
  let database: Database;
  beforeAll(async () => {
    files = await temporaryDatabase();
    database = await files.connect();
  });
  afterAll(() => files.remove());

  async function planOf(query: Partial<AssetQuery>): Promise<string[]> {
    const page = pageQuery(database.reads, listing(query));
    const rows = await page.explain<{ detail: string }>(undefined, sql`query plan`);
    return rows.map((row) => row.detail);
  }

  // A listing that sorts or scans costs more with every asset in the cloud.
  it.each<[string, string, Partial<AssetQuery>]>([
    ['everything', 'asset_newest ', {}],
    ['everything, later page', 'asset_newest ', { cursor }],
    ['everything, oldest first', 'asset_newest ', { cursor, direction: 'asc' }],
    ['a resource type', 'asset_newest_of_resource_type', { resourceType: 'image', cursor }],
    ['a type', 'asset_newest_of_type', { ...image, cursor }],
    ['a type since', 'asset_newest_of_type', { ...image, startAtMs: 1 }],
    ['the empty prefix', 'asset_newest ', { prefix: '', cursor }],
    ['a tag', 'PRIMARY KEY', { tag: 't', cursor }],
    ['a tag of a type', 'PRIMARY KEY', { tag: 't', ...image, cursor, direction: 'asc' }],
  ])('walks an index in list order for %s', async (_, index, query) => {
    const plan = await planOf(query);
    expect(plan[0]).toContain(index);
    expect(plan.join('\n')).not.toMatch(/SCAN|TEMP B-TREE/);
  });

  // The order is by creation, so the matches are sorted; but only the matches are read.
  it.each<[string, Partial<AssetQuery>]>([
    ['a prefix', { prefix: 'shop/', cursor }],
    ['a prefix of a type', { prefix: 'shop/', ...image, cursor }],
    ['ids', { publicIds: ['a', 'b'], cursor }],
    ['ids of a type', { publicIds: ['a', 'b'], ...image }],
  ])('finds only the matches for %s', async (_, query) => {
    const plan = await planOf(query);
    expect(plan[0]).toMatch(/SEARCH asset USING INDEX sqlite_autoindex_asset_\d \(.*public_id/);
    expect(plan.join('\n')).not.toMatch(/SCAN/);
  });
});
