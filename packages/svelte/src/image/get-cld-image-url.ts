import { buildDeliveryUrl, parseDeliveryPath } from '@counterseal/protocol';
import type { CloudinaryConfig } from '../cloudinary-config.js';
import { configurationAbove, resolveConfig } from '../configuration.js';
import { type AnalyticsOptions, analyticsToken } from './analytics-token.js';
import { deliveryBase } from './delivery-base.js';
import { type TransformationOptions, transformationText } from './transformation-text.js';

export type { Crop } from './transformation-text.js';

/** What an image is made of (widgets reference, section 3.6). */
export interface CldImageOptions extends TransformationOptions {
  /** Public id, or a delivery URL, whose id and version are kept; with `deliveryType: 'fetch'` the address of any image. */
  readonly src: string;
  readonly version?: number | string | undefined;
  /** `image` unless it is said. */
  readonly assetType?: 'image' | 'images' | 'video' | 'videos' | undefined;
  /** `upload` unless it is said. */
  readonly deliveryType?: string | undefined;
}

/** Names that make the URL; every other prop of an image is the element's. */
export const imageOptionNames: ReadonlySet<string> = new Set<keyof CldImageOptions>([
  ...(['src', 'version', 'assetType', 'deliveryType', 'crop', 'width', 'height', 'aspectRatio'] as const),
  ...(['gravity', 'zoom', 'rawTransformations', 'dpr', 'format', 'quality'] as const),
]);

/** Options of the original that would change the picture and are not built: refused by name instead of left out. */
const notBuilt: readonly string[] = [
  ...[
    'removeBackground',
    'enhance',
    'extract',
    'recolor',
    'remove',
    'replace',
    'replaceBackground',
    'restore',
  ],
  ...['fillBackground', 'zoompan', 'overlay', 'overlays', 'underlay', 'underlays', 'text', 'effects'],
  ...[
    'namedTransformations',
    'transformations',
    'flags',
    'defaultImage',
    'seoSuffix',
    'strictTransformations',
  ],
  ...['blur', 'grayscale', 'sepia', 'pixelate', 'opacity', 'tint', 'sharpen', 'vignette', 'background'],
];

/** Throws an `Error` that names the first option which is known and not built. */
export function refuseNotBuilt(options: Readonly<Record<string, unknown>>): void {
  const found = notBuilt.find((name) => options[name] !== undefined && options[name] !== false);
  if (found === undefined) return;
  throw new Error(`${found} is not supported: write the component itself, rawTransformations={['e_...']}`);
}

/**
 * The address of an image. Inside a component's set-up the configuration above it is read too. Throws an `Error` without a cloud
 * name, and for an option of the original that is not built.
 */
export function getCldImageUrl(
  options: CldImageOptions,
  config?: CloudinaryConfig,
  analytics: AnalyticsOptions | false = false,
): string {
  refuseNotBuilt({ ...options });
  const url = imageUrl(options, resolveConfig(config, configurationAbove()));
  return analytics === false ? url : `${url}?_a=${analyticsToken(analytics)}`;
}

/** The same for a configuration that is complete. */
export function imageUrl(options: CldImageOptions, config: CloudinaryConfig): string {
  if (!config.cloudName)
    throw new Error('A cloud name is missing: give it in `config` or in the environment.');
  const { src, assetType = 'image', deliveryType: type = 'upload' } = options;
  const found = type === 'fetch' ? null : assetOfUrl(src);
  return buildDeliveryUrl({
    ...deliveryBase(config),
    ...{ resourceType: assetType.replace(/s$/, ''), type },
    transformation: transformationText(options),
    version: Number(String(options.version ?? found?.version ?? 1).replace(/^v/, '')),
    publicId: found?.publicId ?? src,
  });
}

/** Null for everything but a delivery URL. */
function assetOfUrl(src: string): { readonly publicId: string; readonly version: number | null } | null {
  const path = /^https?:\/\/[^/]+(\/.*\/(?:upload|private|authenticated)\/.*)$/.exec(src)?.[1];
  if (path === undefined) return null;
  // A host of one cloud leaves its name out of the path.
  const isWithoutCloud = /^\/(image|video|raw)\/(upload|private|authenticated)\//.test(path);
  try {
    return parseDeliveryPath(isWithoutCloud ? `/cloud${path}` : path);
  } catch {
    return null;
  }
}
