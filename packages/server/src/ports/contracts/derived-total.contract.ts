import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AssetStore, leastDerivedBytes } from '../asset-store.js';
import type { IoOptions } from '../io.js';
import {
  type AssetStoreFixture,
  address,
  cloud,
  derivedFacts,
  job,
  listing,
  upload,
} from './asset-samples.contract.js';

type Step = (assets: AssetStore, options: IoOptions) => Promise<unknown>;

const few = (...names: string[]) => fc.constantFrom(...names);
const publicId = few('cat', 'dog');
const transformation = few('w_1', 'w_2', 'w_3', 'w_4');
const bytes = fc.constantFrom(
  0,
  1,
  leastDerivedBytes - 1,
  leastDerivedBytes,
  leastDerivedBytes + 1,
  1_000_000,
);
const facts = fc.record({ transformation, bytes, onRequest: fc.boolean() });

/** Everything that can change which derivatives there are. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(publicId, facts, fc.boolean()).map(addDerived) },
  { weight: 2, arbitrary: fc.tuple(publicId, fc.array(facts, { maxLength: 3 }), fc.boolean()).map(putAsset) },
  fc.tuple(publicId, fc.nat(3)).map(keepDerived),
  publicId.map(deleteAsset),
  publicId.map(deleteDerivedOf),
  transformation.map(deleteDerivedBy),
  fc.record({ bytes, limit: fc.integer({ min: 1, max: 3 }) }).map(dropOldest),
);

function addDerived([id, { transformation: text, ...changes }, mends]: [
  string,
  { transformation: string; bytes: number; onRequest: boolean },
  boolean,
]): Step {
  return async (assets, options) => {
    const asset = await assets.findAsset(address(id));
    if (asset === null) return;
    const { assetId, versionId } = asset;
    const found = await assets.findDerived({
      cloud,
      assetId,
      versionId,
      transformation: text,
      format: 'jpg',
    });
    const derived = { ...derivedFacts(text, changes), assetId, versionId };
    await assets.addDerived(cloud, derived, { ...options, replaces: mends ? found : null });
  };
}

/** With `fails` all is written, and undone by the last row of the transaction, which is there already. */
function putAsset([id, derived, fails]: [
  string,
  readonly { transformation: string; bytes: number; onRequest: boolean }[],
  boolean,
]): Step {
  const rows = new Map(derived.map(({ transformation: text, ...changes }) => [text, changes]));
  return async (assets, options) => {
    const twice = job();
    const command = upload(
      id,
      {},
      {
        derived: [...rows].map(([text, changes]) => derivedFacts(text, changes)),
        jobs: fails ? [twice, twice] : [],
      },
    );
    const put = assets.putAsset(command, options);
    await (fails ? expect(put).rejects.toThrow() : put);
  };
}

function keepDerived([id, at]: [string, number]): Step {
  return async (assets, options) => {
    const asset = await assets.findAsset(address(id));
    const rows = asset === null ? [] : await assets.listDerived(cloud, asset.assetId);
    await assets.keepDerived(cloud, rows[at]?.derivedId ?? 'absent', options);
  };
}

function deleteAsset(id: string): Step {
  return (assets, options) => assets.deleteAsset(address(id), options);
}

function deleteDerivedBy(text: string): Step {
  return (assets, options) => assets.deleteDerived({ cloud, transformation: text }, options);
}

function dropOldest(much: { bytes: number; limit: number }): Step {
  return (assets, options) => assets.dropOldestDerived(much, options);
}

function deleteDerivedOf(id: string): Step {
  return async (assets, options) => {
    const asset = await assets.findAsset(address(id));
    if (asset !== null) await assets.deleteDerived({ cloud, assetId: asset.assetId }, options);
  };
}

async function addedUp(assets: AssetStore): Promise<number> {
  let sum = 0;
  for (const { assetId } of (await assets.listAssets(listing())).assets)
    for (const row of await assets.listDerived(cloud, assetId))
      if (row.onRequest) sum += Math.max(row.bytes, leastDerivedBytes);
  return sum;
}

/** `derivedOnRequestBytes` is what adding up all rows would give, whatever happened to them, undone or in a race. */
export function derivedTotalContract(fixture: () => AssetStoreFixture): void {
  it('always knows what the derivatives made on request take', async () => {
    const stores = [fixture().assets, await fixture().connect()];
    let largest = 0;
    /** Steps of one list run at once, on several connections; some are broken off after so many turns, if they take them. */
    const turnsLeft = fc.option(fc.nat(100), { freq: 2 });
    const history = fc.array(fc.array(fc.tuple(step, turnsLeft), { minLength: 1, maxLength: 4 }), {
      minLength: 10,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(history, async (rounds) => {
        for (const round of rounds) {
          await Promise.all(
            round.map(async ([run, turns], at) => {
              const abort = new AbortController();
              const running = run(stores[at % stores.length] ?? fixture().assets, { signal: abort.signal });
              const ended = running.catch((error: unknown) => {
                if (!abort.signal.aborted) throw error;
              });
              for (let turn = 0; turn < (turns ?? 0); turn++) await null;
              if (turns !== null) abort.abort(new Error('broken off'));
              await ended;
            }),
          );
          const sum = await addedUp(fixture().assets);
          largest = Math.max(largest, sum);
          for (const store of stores) expect(await store.derivedOnRequestBytes()).toBe(sum);
        }
      }),
      { numRuns: 12 },
    );
    expect(largest).toBeGreaterThan(0);
  });
}
