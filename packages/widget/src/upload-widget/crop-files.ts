import { checkDimensions, kindOf } from '../core/restrictions.js';
import type { SessionContext } from './session-context.js';
import type { Store } from './state.js';
import { refusalText, type TakenFile } from './take-in.js';

/** With the part of it that the user chose: `x, y, width, height` in original pixels; null for all of it. */
export type CroppedFile = TakenFile & { readonly coordinates: readonly number[] | null };

/** Asks for the crop of each image, one after the other. Left out: what is cancelled, and what is refused. */
export async function cropFiles(
  files: readonly TakenFile[],
  { settings, store, t }: SessionContext,
  refuse: (name: string, reason: string) => void,
): Promise<CroppedFile[]> {
  const done: CroppedFile[] = [];
  for (const taken of files) {
    const { file } = taken;
    if (file === null || kindOf(file) !== 'image') done.push({ ...taken, coordinates: null });
    else if (taken.dimensions === null) refuse(file.name, t('uploader.errors.unreadable'));
    else {
      const choice = await askForCrop(file, store);
      if (choice === 'cancel') continue;
      const [, , width = taken.dimensions.width, height = taken.dimensions.height] = choice ?? [];
      const checks = settings().croppingValidateDimensions === true;
      const refusal = checks ? checkDimensions({ width, height }, settings()) : null;
      if (refusal === null) done.push({ ...taken, coordinates: choice });
      else refuse(file.name, refusalText(refusal, { t, language: settings().language }));
    }
  }
  return done;
}

function askForCrop(file: File, store: Store): Promise<readonly number[] | null | 'cancel'> {
  return new Promise((resolve) => {
    const { view } = store.get();
    store.set({
      view: 'crop',
      crop: {
        file,
        answer: (choice) => {
          store.set({ view: view === 'crop' ? 'sources' : view, crop: null });
          resolve(choice);
        },
      },
    });
  });
}
