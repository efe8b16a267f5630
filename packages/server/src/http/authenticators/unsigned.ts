import { ApiError, unsignedUploadParams } from '@counterseal/protocol';
import type { Authenticator } from '../authenticator.js';
import { rejected } from '../authenticator.js';
import { networkOf } from '../client-network.js';
import type { Parameters } from '../parameters.js';

const allowed: ReadonlySet<string> = new Set(unsignedUploadParams);

/** Sent by SDKs with unsigned uploads although they mean nothing there (upload-api reference, section 3.4). */
const tolerated: ReadonlySet<string> = new Set([
  'timestamp',
  'api_key',
  'file',
  'resource_type',
  'cloud_name',
]);

/** No credentials at all: an upload under an unsigned preset, with the parameters such an upload may carry and no others. */
export const authenticateUnsigned: Authenticator = async (
  { cloud, operation, parameters, clientAddress },
  { accounts },
) => {
  if (operation !== 'upload') return { outcome: 'not-applicable' };
  const name = parameters.known.get('upload_preset');
  if (name === undefined) return rejected(new ApiError('preset-required'), { mayComplete: true });
  const preset = typeof name === 'string' ? await accounts.findPreset(cloud, name.normalize('NFC')) : null;
  if (preset === null) return rejected(new ApiError('preset-not-found'), { mayComplete: true });
  if (!preset.unsigned) return rejected(new ApiError('preset-not-unsigned'), { mayComplete: true });
  const error = refuseOthers(parameters.known);
  if (error !== null) return rejected(error, { mayComplete: true });
  if (preset.disallowPublicId && parameters.known.has('public_id')) {
    return rejected(new ApiError('public-id-not-allowed'));
  }
  return {
    outcome: 'authenticated',
    principal: { kind: 'unsigned', preset, client: networkOf(clientAddress) },
  };
};

function refuseOthers(known: Parameters): ApiError | null {
  const violations = [...known.keys()].filter((name) => !allowed.has(name) && !tolerated.has(name));
  if (violations.length === 0) return null;
  const sentences = violations.map(
    (name) => `${humanise(name)} parameter is not allowed when using unsigned upload`,
  );
  return new ApiError('unsigned-parameters', {
    violations: `${sentences.join(', ')}.`,
    allowed: unsignedUploadParams.join(','),
  });
}

/** `return_delete_token` -> `Return delete token`. */
function humanise(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
