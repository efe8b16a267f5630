import { ApiError } from '@counterseal/protocol';
import type { DeliveryType, ResourceType } from '../ports/asset-store.js';

const resourceTypes: readonly ResourceType[] = ['image', 'video', 'raw'];
const deliveryTypes: readonly DeliveryType[] = ['upload', 'private', 'authenticated'];

export function readResourceType(text: string | undefined): ResourceType {
  const found = resourceTypes.find((type) => type === text);
  if (found !== undefined) return found;
  throw new ApiError('invalid-choice', {
    name: 'resource_type',
    value: text ?? '',
    allowed: resourceTypes.join(', '),
  });
}

export function readUploadResourceType(text: string | undefined): ResourceType | 'auto' {
  return text === undefined || text === 'auto' ? 'auto' : readResourceType(text);
}

export function readDeliveryType(text: string | undefined): DeliveryType {
  const found = deliveryTypes.find((type) => type === text);
  if (found !== undefined) return found;
  throw new ApiError('unsupported-delivery-type', { type: text ?? '' });
}
