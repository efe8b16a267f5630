import type { NewFile, QueueFile } from '../core/queue-file.js';
import { loadParts } from '../load-parts.js';
import type { UploadKeeper } from '../parts/unfinished.js';

export type UnfinishedKeeper = ReturnType<typeof createUnfinishedKeeper>;

/** Keeps unfinished uploads over a reload of the page; loaded for pages that ask for it. */
export function createUnfinishedKeeper(target: () => string, visit: () => AbortSignal) {
  let keeper: Promise<UploadKeeper> | null = null;
  const open = () => {
    keeper ??= loadParts.unfinished().then(({ createUploadKeeper }) => createUploadKeeper(target, visit));
    return keeper;
  };
  return {
    save: (file: QueueFile): Promise<void> =>
      open()
        .then((keeper) => keeper.save(file))
        .catch(() => {}),
    drop(file: QueueFile | null): void {
      void keeper?.then(
        (keeper) => keeper.drop(file),
        () => {},
      );
    },
    restore: (): Promise<NewFile[]> =>
      open().then(
        (keeper) => keeper.restore(),
        () => [],
      ),
  };
}
