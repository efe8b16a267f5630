import {
  ApiError,
  attachmentOf,
  canonicalFormat,
  type DeliveryAddress,
  isOriginalRequest,
  parseDeliveryPath,
  parseTransformation,
  type Transformation,
  varyHeaders,
} from '@counterseal/protocol';
import type { AccountStore } from '../../ports/account-store.js';
import type { Asset, AssetStore } from '../../ports/asset-store.js';
import { resolveTransformation } from '../../services/resolve-transformation.js';
import { type AccessDeps, isPublic, requireAccess } from './access.js';

export interface ResolveDeps extends AccessDeps {
  readonly assets: Pick<AssetStore, 'findAsset'>;
  readonly accounts: Pick<AccountStore, 'findTransformation'>;
  /** Unsigned URLs get only derivatives that exist or that a named transformation allows (section 1.13). */
  readonly strictTransformations: boolean;
}

/** Which bytes answer a URL. */
export type Rendition =
  | { readonly kind: 'original' }
  | { readonly kind: 'sanitized' }
  | {
      readonly kind: 'derived';
      readonly transformation: Transformation;
      readonly canonical: string;
      readonly extension: string | null;
      readonly mayRender: boolean;
    };

/** A URL that may be answered, and how. */
export interface ResolvedDelivery {
  readonly asset: Asset;
  readonly rendition: Rendition;
  /** What `fl_attachment` asks for; null when it is absent. */
  readonly attachment: { readonly filename: string | null } | null;
  /** Request headers that choose between answers of this URL. */
  readonly vary: readonly string[];
  readonly isPublic: boolean;
  /** Equal for one URL as long as its answer is the same. */
  readonly validator: string;
}

/**
 * Raw URL path -> what to deliver: grammar, access rule, stored asset, transformation (transformations reference, sections 1.1 to
 * 1.13). The version in the URL selects nothing.
 * @throws ApiError
 */
export async function resolveDelivery(
  rawPath: string,
  clientAddress: string,
  deps: ResolveDeps,
): Promise<ResolvedDelivery> {
  const address = parseDeliveryPath(rawPath);
  const { cloud, type, signature, signedText, extension } = address;
  const parsed = parseTransformation(address.transformation);
  // Raw files and videos have nothing but their original.
  const wantsOriginal = address.resourceType !== 'image' || isOriginalRequest(parsed);
  const publicIdOffset = componentsLength(address);
  const access = { cloud, type, wantsOriginal, signature, signedText, publicIdOffset, clientAddress };
  const { signed } = await requireAccess(access, deps);

  const expanded = await resolveTransformation(cloud, parsed, deps.accounts);
  const found = await findAddressed(address, deps.assets);
  if (found === null) throw new ApiError('not-found', { publicId: address.publicId });
  const { asset } = found;
  const { transformation, canonical, named } = expanded;
  // A named transformation may hold nothing but flags: then the URL is one for the original after all.
  if (isOriginalRequest(transformation) && !wantsOriginal) {
    await requireAccess({ ...access, wantsOriginal: true }, deps);
  }
  const rendition = chooseRendition(asset, transformation, {
    canonical,
    extension: found.byLiteralId ? null : extension,
    mayRender:
      !deps.strictTransformations ||
      signed ||
      (isOnlyNamed(parsed) && named.every(({ allowedForStrict }) => allowedForStrict)),
  });
  return {
    asset,
    rendition,
    attachment: attachmentOf(transformation),
    vary: rendition.kind === 'derived' ? varyHeaders(transformation) : [],
    isPublic: isPublic(type, wantsOriginal || isOriginalRequest(transformation)),
    validator: [asset.assetId, asset.versionId, asset.updatedAtMs, rendition.kind, canonical].join(' '),
  };
}

/** Length of the raw components and the slash behind them, in the text that a signature covers. */
function componentsLength({ transformation, signedText }: DeliveryAddress): number {
  if (transformation === '') return 0;
  const slashes = [...signedText.matchAll(/\/|%2F/gi)];
  const last = slashes[transformation.split('/').length - 1];
  return last === undefined ? 0 : last.index + last[0].length;
}

/** The id without its extension first; an id that merely looks as if it had one is tried literally (section 1.3). */
async function findAddressed(
  { cloud, resourceType, type, publicId, id, extension }: DeliveryAddress,
  assets: Pick<AssetStore, 'findAsset'>,
): Promise<{ asset: Asset; byLiteralId: boolean } | null> {
  const asset = await assets.findAsset({ cloud, resourceType, type, publicId });
  if (asset !== null || extension === null) return asset && { asset, byLiteralId: false };
  const literal = await assets.findAsset({ cloud, resourceType, type, publicId: id });
  return literal && { asset: literal, byLiteralId: true };
}

/** The stored bytes when nothing is to change; raw files and videos are never changed (section 1.11). */
function chooseRendition(
  asset: Asset,
  transformation: Transformation,
  wanted: { canonical: string; extension: string | null; mayRender: boolean },
): Rendition {
  const { extension } = wanted;
  const isOriginal = isOriginalRequest(transformation);
  const keepsFormat = extension === null || asset.format === null || sameFormat(extension, asset.format);
  if (asset.resourceType !== 'image') {
    if (!isOriginal) throw unsupported(asset, firstChange(transformation));
    if (asset.resourceType === 'video' && !keepsFormat) throw unsupported(asset, `f_${extension}`);
    return { kind: 'original' };
  }
  if (isOriginal && keepsFormat) return { kind: asset.format === 'svg' ? 'sanitized' : 'original' };
  return { kind: 'derived', transformation, ...wanted };
}

function unsupported({ resourceType }: Asset, value: string): ApiError {
  return new ApiError('unsupported-transformation', { param: `${resourceType} parameter`, value });
}

/** The first parameter that is more than a flag of the download, for the error's text. */
function firstChange({ components }: Transformation): string {
  const parameters = components.flatMap((component) => component.parameters);
  const first = parameters.find(({ key }) => key !== 'fl') ?? parameters[0];
  return first === undefined ? '' : `${first.key}_${first.value}`;
}

function sameFormat(extension: string, stored: string): boolean {
  return canonicalFormat(extension) === (canonicalFormat(stored) ?? stored);
}

/** Whether the URL itself holds nothing but `t_` names, which an administrator chose. */
function isOnlyNamed({ components }: Transformation): boolean {
  return components.every(({ parameters }) => parameters.every(({ key }) => key === 't'));
}
