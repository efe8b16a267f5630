/** An upload that was under way when the page went, as IndexedDB keeps it. */
export interface UnfinishedUpload {
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

export async function saveUnfinished(upload: UnfinishedUpload): Promise<void> {
  await inStore('readwrite', (store) => store.put(upload));
}

export async function dropUnfinished(uploadId: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(uploadId));
}

/** Those that were going to `target`, oldest first; drops what is too old. */
export async function listUnfinished(target: string, nowMs: number): Promise<UnfinishedUpload[]> {
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
