import type { Handler } from '../../http/call.js';
import type { AccountStore } from '../../ports/account-store.js';
import { wireTime } from '../asset-answer.js';
import { readBoolean } from '../read-parameters.js';

/** `GET /ping`. */
export const ping: Handler = async () => ({ body: { status: 'ok' } });

/** `GET /resources`: the resource types there are. */
export const listResourceTypes: Handler = async () => ({
  body: { resource_types: ['image', 'raw', 'video'] },
});

/** `GET /config`: the command-line client of the original asks this first, to learn the folder mode. */
export function showConfig(deps: { accounts: AccountStore; folderMode: 'fixed' | 'dynamic' }): Handler {
  return async ({ cloud, parameters }) => ({
    body: {
      cloud_name: cloud,
      created_at: wireTime((await deps.accounts.cloudCreatedAtMs(cloud)) ?? 0),
      ...(readBoolean(parameters, 'settings') ? { settings: { folder_mode: deps.folderMode } } : {}),
    },
  });
}
