import { loadParts } from '../load-parts.js';

/** Files of a drop, those inside dropped folders too. Call it inside the event: the items are gone afterwards. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].flatMap((item) => (item.kind === 'file' && item.webkitGetAsEntry?.()) || []);
  const plain = [...files];
  if (!entries.some((entry) => entry.isDirectory)) return plain;
  const { filesBelow } = await loadParts.droppedFolders();
  return (await Promise.all(entries.map(filesBelow))).flat();
}
