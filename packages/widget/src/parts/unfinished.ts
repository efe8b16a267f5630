import type { NewFile, QueueFile } from '../core/queue-file.js';
import { detailsOf, type FileDetails } from '../upload-widget/file-details.js';
import { holdUpload } from './hold-upload.js';

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
 * where uploads go at the time. What is kept belongs to this page until the visit ends: no other one is offered it.
 */
export function createUploadKeeper(target: () => string, visit: () => AbortSignal): UploadKeeper {
  const kept = new Map<string, Promise<(() => void) | null>>();
  const quietly = (work: Promise<unknown>) => work.catch(() => {});

  return {
    async save(file) {
      const details = detailsOf(file);
      if (details.file === null) return;
      if (!kept.has(file.uploadId)) kept.set(file.uploadId, holdUpload(file.uploadId, visit()));
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
      const held = file === null ? undefined : kept.get(file.uploadId);
      if (file === null || held === undefined) return;
      kept.delete(file.uploadId);
      // Let go last: whoever waits for it must not find it any more.
      void quietly(dropUnfinished(file.uploadId).finally(async () => (await held)?.()));
    },
    async restore() {
      const list = () => listUnfinished(target(), Date.now()).catch(() => []);
      const signal = visit();
      const held = new Map<string, () => void>();
      const hold = async ({ uploadId }: UnfinishedUpload) => {
        const release = await holdUpload(uploadId, signal);
        if (release !== null) held.set(uploadId, release);
      };
      await Promise.all((await list()).map(hold));
      // Read again: what another page has ended in the meantime is gone.
      const found = (await list()).filter(({ uploadId }) => held.has(uploadId));
      return found.map(({ file, uploadId, nextByte, details }) => {
        kept.set(uploadId, Promise.resolve(held.get(uploadId) ?? null));
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
