import type { NewFile, QueueFile } from '../core/queue-file.js';
import { detailsOf, type FileDetails } from '../upload-widget/file-details.js';

/** An upload that was under way when the page went, as IndexedDB keeps it. */
interface UnfinishedUpload {
  readonly uploadId: string;
  /** Where it was going: another server or cloud must not get it. */
  readonly target: string;
  readonly file: File;
  readonly nextByte: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly savedAtMs: number;
}

const databaseName = 'counterseal-uploads';
const storeName = 'unfinished';

/** Servers sweep unfinished uploads away after a while; older ones are not offered any more. */
const maxAgeMs = 24 * 3_600_000;

export interface UploadKeeper {
  save(file: QueueFile): Promise<void>;
  drop(file: QueueFile | null): void;
  restore(): Promise<NewFile[]>;
}

/**
 * What the browser refuses to keep (private windows, full disks) is not kept; the upload itself never depends on it. `target` is
 * where uploads go at the time.
 */
export function createUploadKeeper(target: () => string): UploadKeeper {
  const kept = new Set<string>();
  const quietly = (work: Promise<unknown>) => work.catch(() => {});

  return {
    async save(file) {
      const details = detailsOf(file);
      if (details.file === null) return;
      kept.add(file.uploadId);
      const { file: own, preview: _preview, prepared: _prepared, ...plain } = details;
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
      if (!kept.has(file.uploadId)) await quietly(dropUnfinished(file.uploadId));
    },
    drop(file) {
      if (file === null || !kept.delete(file.uploadId)) return;
      void quietly(dropUnfinished(file.uploadId));
    },
    async restore() {
      const found = await listUnfinished(target(), Date.now()).catch(() => []);
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
    },
  };
}

async function saveUnfinished(upload: UnfinishedUpload): Promise<void> {
  await inStore('readwrite', (store) => store.put(upload));
}

async function dropUnfinished(uploadId: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(uploadId));
}

/** Those that were going to `target`, oldest first; drops what is too old. */
async function listUnfinished(target: string, nowMs: number): Promise<UnfinishedUpload[]> {
  const all = await inStore('readonly', (store) => store.getAll() as IDBRequest<UnfinishedUpload[]>);
  const isOld = ({ savedAtMs }: UnfinishedUpload) => nowMs - savedAtMs > maxAgeMs;
  await Promise.all(all.filter(isOld).map(({ uploadId }) => dropUnfinished(uploadId)));
  return all
    .filter((upload) => !isOld(upload) && upload.target === target)
    .sort((a, b) => a.savedAtMs - b.savedAtMs);
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const opening = indexedDB.open(databaseName, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(storeName, { keyPath: 'uploadId' });
  const database = await resultOf(opening);
  try {
    return await resultOf(work(database.transaction(storeName, mode).objectStore(storeName)));
  } finally {
    database.close();
  }
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
