import { parseTransformation } from '@counterseal/protocol';
import type { AccountStore } from '../ports/account-store.js';
import type { AssetStore, DeliveryType, ResourceType } from '../ports/asset-store.js';
import { releaseContent } from './content.js';
import type { Derive } from './derive.js';
import { resolveTransformation } from './resolve-transformation.js';
import type { PerformJob } from './run-job.js';

interface EagerPayload {
  readonly resourceType: ResourceType;
  readonly type: DeliveryType;
  readonly publicId: string;
  readonly versionId: string;
  readonly eager: readonly { readonly canonical: string; readonly format: string | null }[];
}

/** `eager_async`: makes the derivatives after the answer. Safe to repeat; a newer version of the asset has its own job. */
export function createPerformEager(deps: {
  assets: AssetStore;
  derive: Derive;
  accounts: Pick<AccountStore, 'findTransformation'>;
}): PerformJob {
  return async (job, { signal }) => {
    const { eager, versionId, ...address } = job.payload as unknown as EagerPayload;
    const asset = await deps.assets.findAsset({ cloud: job.cloud, ...address });
    if (asset === null || asset.versionId !== versionId) return;
    for (const item of eager) {
      const parsed = parseTransformation(item.canonical);
      const { transformation, canonical } = await resolveTransformation(job.cloud, parsed, deps.accounts);
      const file = await deps.derive.derive({
        asset,
        transformation,
        canonical,
        extension: item.format,
        hints: null,
        mayRender: true,
        durable: true,
        signal,
      });
      releaseContent(file.content);
    }
  };
}
