import type { QueueFile } from '../core/queue-file.js';
import type { PixelSize } from '../core/restrictions.js';

/** What the widget remembers of a file in the queue: {@link QueueFile.details}. */
export interface FileDetails {
  /** Null when it came by address. */
  readonly file: File | null;
  readonly source: string;
  readonly publicId: string | null;
  /** How many files had the same public id before. */
  readonly publicIdCounter: number;
  readonly tags: readonly string[] | null;
  readonly uploadPreset: string | null;
  readonly dimensions: PixelSize | null;
  /** `x,y,width,height` in original pixels. */
  readonly coordinates: readonly number[] | null;
  /** For an image to show: an object URL of ours, or an address. */
  readonly preview: string | null;
  /** Filled in while it is prepared. */
  prepared: Readonly<Record<string, unknown>>;
}

export function detailsOf(file: QueueFile): FileDetails {
  return file.details as FileDetails;
}
