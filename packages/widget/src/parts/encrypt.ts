import { UploadFailure } from '../core/failure.js';

/** AES-GCM with the page's key and initialisation vector, both in base64 (widget reference, section 1.3). */
export async function encrypt(
  content: Blob,
  { key, iv }: { readonly key: string; readonly iv: string },
): Promise<Blob> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new UploadFailure('local', 'Files can be encrypted on HTTPS pages only.');
  }
  try {
    const imported = await crypto.subtle.importKey('raw', bytesOf(key), 'AES-GCM', false, ['encrypt']);
    const encrypted = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: bytesOf(iv) },
      imported,
      await content.arrayBuffer(),
    );
    return new Blob([encrypted], { type: 'application/octet-stream' });
  } catch (cause) {
    throw new UploadFailure('local', `The file could not be encrypted: ${String((cause as Error).message)}`);
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
