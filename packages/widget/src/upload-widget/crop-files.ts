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
    // One that this browser cannot show may go as a whole, unless the page wants a crop of each.
    else if (taken.dimensions === null && !settings().showSkipCropButton)
      refuse(file.name, t('uploader.errors.unreadable'));
    else {
      const choice = await askForCrop(file, store);
      if (choice === 'cancel') continue;
      const [, , width = 0, height = 0] = choice ?? [];
      const size = choice === null ? taken.dimensions : { width, height };
      const checks = settings().croppingValidateDimensions === true;
      const refusal = size !== null && checks ? checkDimensions(size, settings()) : null;
      if (refusal === null) done.push({ ...taken, coordinates: choice });
      else refuse(file.name, refusalText(refusal, { t, language: settings().language }));
    }
  }
  return done;
}

function askForCrop(file: File, store: Store): Promise<readonly number[] | null | 'cancel'> {
  return new Promise((resolve) => {
    const answer = (choice: readonly number[] | null | 'cancel') => {
      store.set({ crop: null });
      resolve(choice);
    };
    store.set({ crop: { file, answer } });
  });
}
