import { ApiError, canonicalFormat, parseTransformation } from '@counterseal/protocol';
import type { Call } from '../../http/call.js';
import { refuseUnsupported, splitKnown } from '../../http/parameters.js';
import { readRequest } from '../../http/read-request.js';
import {
  answering,
  callOf,
  type EdgeDeps,
  type Exchange,
  listNames,
  nameIgnored,
  requirePrincipal,
} from '../../http/serve-operation.js';
import type { AccountStore } from '../../ports/account-store.js';
import type { AssetStore } from '../../ports/asset-store.js';
import { resolveTransformation } from '../../services/resolve-transformation.js';
import { type OpenRenditionDeps, openRendition } from '../delivery/open-rendition.js';
import type { Rendition } from '../delivery/resolve-delivery.js';
import { sendAnswer } from '../delivery/send-answer.js';
import { readText, requireText } from '../read-parameters.js';
import { readDeliveryType, readResourceType } from '../resource-type.js';

export interface DownloadDeps extends EdgeDeps, OpenRenditionDeps {
  readonly assets: AssetStore;
  readonly accounts: AccountStore;
}

/** `GET /:resource_type/download`: a private download URL (upload-api reference, section 2.9). */
export function serveDownload(deps: DownloadDeps): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    await answering(exchange, deps, async () => {
      const { req, res, signal } = exchange;
      const { parameters } = await readRequest(req, { listNames: listNames('download') });
      const split = splitKnown('download', parameters);
      const principal = await requirePrincipal('download', split, exchange, deps);
      refuseUnsupported('download', split.known);
      nameIgnored(res, split);
      const resolved = await resolve(callOf(exchange, split, principal), deps);
      const answer = await openRendition(resolved, req.headers, { signal }, deps);
      try {
        await sendAnswer(req, res, answer);
      } finally {
        answer.release();
      }
      return 'sent';
    });
  };
}

async function resolve({ cloud, path, parameters }: Call, { assets, accounts }: DownloadDeps) {
  const publicId = requireText(parameters, 'public_id');
  const asset = await assets.findAsset({
    cloud,
    resourceType: readResourceType(path.resource_type),
    type: readDeliveryType(readText(parameters, 'type') ?? 'upload'),
    publicId,
  });
  if (asset === null) throw new ApiError('not-found', { publicId });
  const format = readText(parameters, 'format');
  const text = readText(parameters, 'transformation');
  const parsed = parseTransformation(text ?? '');
  const { transformation, canonical } = await resolveTransformation(cloud, parsed, accounts);
  const keeps =
    text === null && (format === null || asset.format === null || canonicalFormat(format) === asset.format);
  if (!keeps && asset.resourceType !== 'image')
    throw new ApiError('unsupported-parameter', { name: 'format' });
  const rendition: Rendition = keeps
    ? { kind: 'original' }
    : { kind: 'derived', transformation, canonical, extension: format, mayRender: true };
  return {
    asset,
    rendition,
    attachment: readAttachment(parameters),
    vary: [],
    isPublic: false,
    validator: asset.versionId,
  };
}

/** `attachment=true`, or a file name of one's own in `attachment` or `target_filename`. */
function readAttachment(parameters: Call['parameters']): { filename: string | null } | null {
  const filename = readText(parameters, 'target_filename');
  const attachment = readText(parameters, 'attachment');
  if (filename !== null) return { filename };
  if (attachment === null || attachment === 'false' || attachment === '0') return null;
  return { filename: attachment === 'true' || attachment === '1' ? null : attachment };
}
