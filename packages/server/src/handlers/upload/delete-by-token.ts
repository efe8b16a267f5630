import { ApiError } from '@counterseal/protocol';
import type { Handler } from '../../http/call.js';
import type { AssetStore } from '../../ports/asset-store.js';
import type { Clock } from '../../ports/clock.js';
import type { DestroyAsset } from '../../services/destroy-asset.js';
import { hashDeleteToken } from '../../services/store-asset.js';
import { requireText } from '../read-parameters.js';

/** `POST /delete_by_token`: no credentials; the token of an upload answer is one (upload-api reference, section 3.6). */
export function deleteByToken(deps: {
  assets: AssetStore;
  destroyAsset: DestroyAsset;
  clock: Clock;
}): Handler {
  return async ({ cloud, parameters }) => {
    const tokenHash = hashDeleteToken(requireText(parameters, 'token'));
    const address = await deps.assets.takeDeleteToken({ cloud, tokenHash, nowMs: deps.clock.now() });
    if (address === null) throw new ApiError('delete-token-stale');
    await deps.destroyAsset(address);
    return { body: { result: 'ok' } };
  };
}
