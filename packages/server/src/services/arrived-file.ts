import type { StagedBlob } from '../ports/blob-store.js';
import type { UploadedName } from './name-asset.js';

/** The `file` of an upload: bytes in staging, or an address still to be loaded. */
export type ArrivedFile =
  | { readonly kind: 'staged'; readonly staged: StagedBlob; readonly uploaded: UploadedName | null }
  | { readonly kind: 'url'; readonly url: string };
