import { buildDeliveryUrl, deliverySignedText, signDeliveryUrl } from '@counterseal/protocol';
import type { Asset } from '../ports/asset-store.js';

/** What turns an asset into addresses that work on this server. */
export interface UrlMaker {
  /** Address of the original, or of a derivative; signed where the delivery type asks for it. */
  urlOf(asset: Asset, derivative?: { transformation: string; format: string | null }): Promise<string>;
}

/**
 * `publicUrl` is how browsers reach the server. Private and authenticated assets carry `s--sig--` made with a key of their cloud
 * (upload-api reference, section 4.1); `signingSecret` answers null when the cloud has no enabled key left.
 */
export function createUrlMaker(
  publicUrl: () => string,
  signingSecret: (cloud: string) => Promise<string | null>,
): UrlMaker {
  return {
    async urlOf(asset, derivative) {
      const address = {
        base: publicUrl(),
        cloud: asset.cloud,
        resourceType: asset.resourceType,
        type: asset.type,
        version: asset.version,
        publicId: asset.publicId,
        format: derivative === undefined ? asset.format : derivative.format,
        transformation: derivative?.transformation ?? '',
      };
      if (asset.type === 'upload') return buildDeliveryUrl(address);
      const secret = await signingSecret(asset.cloud);
      return buildDeliveryUrl(
        secret === null
          ? address
          : { ...address, signature: signDeliveryUrl(deliverySignedText(address), secret) },
      );
    },
  };
}
