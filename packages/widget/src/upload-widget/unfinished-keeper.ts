import type { NewFile, QueueFile } from '../core/queue-file.js';
import { loadParts } from '../load-parts.js';
import { detailsOf, type FileDetails } from './file-details.js';

/**
 * Keeps unfinished uploads over a reload of the page. What the browser refuses to keep (private windows, full disks) is not kept;
 * the upload itself never depends on it.
 */
export function createUnfinishedKeeper(target: () => string) {
  const kept = new Set<string>();
  const quietly = (work: Promise<unknown>) => work.catch(() => {});

  return {
    async save(file: QueueFile): Promise<void> {
      const details = detailsOf(file);
      if (details.file === null) return;
      kept.add(file.uploadId);
      const { file: own, preview: _preview, prepared: _prepared, ...plain } = details;
      const { saveUnfinished } = await loadParts.unfinished();
      await quietly(
        saveUnfinished({
          uploadId: file.uploadId,
          target: target(),
          file: own,
          nextByte: file.confirmedBytes,
          details: plain,
          savedAtMs: Date.now(),
        }),
      );
      if (!kept.has(file.uploadId))
        await quietly((await loadParts.unfinished()).dropUnfinished(file.uploadId));
    },
    drop(file: QueueFile | null): void {
      if (file === null || !kept.delete(file.uploadId)) return;
      void quietly(loadParts.unfinished().then(({ dropUnfinished }) => dropUnfinished(file.uploadId)));
    },
    async restore(): Promise<NewFile[]> {
      try {
        const { listUnfinished } = await loadParts.unfinished();
        const found = await listUnfinished(target(), Date.now());
        return found.map(({ file, uploadId, nextByte, details }) => {
          kept.add(uploadId);
          const all = { ...details, file, preview: null, prepared: {} } as unknown as FileDetails;
          return {
            name: file.name,
            size: file.size,
            type: file.type,
            content: file,
            details: all,
            resume: { uploadId, nextByte },
          };
        });
      } catch {
        return [];
      }
    },
  };
}
