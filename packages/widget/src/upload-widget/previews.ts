import type { QueueFile } from '../core/queue-file.js';
import { kindOf } from '../core/restrictions.js';
import type { Settings } from '../options.js';
import { detailsOf } from './file-details.js';

/** An object URL for an image that may be shown, until {@link dropPreviews}; null for what has no picture. */
export function previewOf(file: File, settings: Settings): string | null {
  const isAllowed = isSecureContext || settings.showInsecurePreview === true;
  return isAllowed && kindOf(file) === 'image' && !settings.encryption ? URL.createObjectURL(file) : null;
}

export function dropPreviews(files: readonly QueueFile[]): void {
  for (const file of files) {
    const { preview } = detailsOf(file);
    if (preview?.startsWith('blob:')) URL.revokeObjectURL(preview);
  }
}
