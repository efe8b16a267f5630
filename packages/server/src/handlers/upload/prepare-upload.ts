import { ApiError } from '@counterseal/protocol';
import type { Principal } from '../../http/authenticator.js';
import type { Call } from '../../http/call.js';
import type { Parameters } from '../../http/parameters.js';
import type { AccountStore, UploadPreset } from '../../ports/account-store.js';
import { applyPreset } from '../../services/apply-preset.js';
import type { UploadCommand } from '../../services/upload-command.js';
import { readBoolean, readText } from '../read-parameters.js';
import { readUploadResourceType } from '../resource-type.js';
import { readUploadCommand } from './read-upload-command.js';

export type UploadCall = Call & { principal: Principal };

export interface PrepareDeps {
  readonly accounts: AccountStore;
  readonly signatureUse: (principal: Principal) => UploadCommand['signatureUse'];
}

/** What an upload request asks for, its preset applied. */
export interface PreparedUpload {
  readonly command: UploadCommand;
  /** `async=true` */
  readonly deferred: boolean;
  /** The preset lets nobody choose a public id. */
  readonly disallowsPublicId: boolean;
}

/** @throws ApiError that names the parameter */
export async function prepareUpload(
  { cloud, path, parameters, principal }: UploadCall,
  deps: PrepareDeps,
): Promise<PreparedUpload> {
  const preset = await findPreset(cloud, parameters, principal, deps.accounts);
  const merged = applyPreset(parameters, preset, rulesFor(principal, preset));
  const command = readUploadCommand(merged, {
    cloud,
    resourceType: readUploadResourceType(path.resource_type),
    apiKey: principal.kind === 'key' ? principal.key.apiKey : null,
    signatureUse: deps.signatureUse(principal),
  });
  return {
    command,
    deferred: readBoolean(merged, 'async'),
    disallowsPublicId: preset?.disallowPublicId === true,
  };
}

/** With Basic and no signature, an unsigned preset still brings the unsigned merge rules (rulings, docs/decisions/0002). */
function rulesFor(principal: Principal, preset: UploadPreset | null): 'signed' | 'unsigned' {
  if (principal.kind === 'unsigned') return 'unsigned';
  return principal.via === 'basic' && preset?.unsigned === true ? 'unsigned' : 'signed';
}

async function findPreset(
  cloud: string,
  parameters: Parameters,
  principal: Principal,
  accounts: AccountStore,
): Promise<UploadPreset | null> {
  if (principal.kind === 'unsigned') return principal.preset;
  const name = readText(parameters, 'upload_preset');
  if (name === null) return null;
  const preset = await accounts.findPreset(cloud, name);
  if (preset === null) throw new ApiError('preset-not-found');
  return preset;
}
