import { apiUrlOf } from '../api-url.js';
import { elementOf } from '../browser/page.js';
import type { UploadInfo } from '../events.js';
import { loadParts } from '../load-parts.js';
import type { Settings } from '../options.js';
import type { PageMarks } from '../parts/page-marks.js';

export interface PageEffects {
  add(info: UploadInfo): void;
  removeThumbnails(): Promise<void>;
}

/** Form fields and thumbnails in the containing page; loaded for pages that ask for them. */
export function createPageEffects(settings: () => Settings): PageEffects {
  let marks: Promise<PageMarks> | null = null;
  return {
    add(info) {
      const { form, fieldName, thumbnails, apiUrl, cloudName = '' } = settings();
      const places = { form: elementOf(form), fieldName, thumbnails: elementOf(thumbnails) };
      if (places.form === null && places.thumbnails === null) return;
      const deleteUrl = `${apiUrlOf(apiUrl)}/v1_1/${encodeURIComponent(cloudName)}/delete_by_token`;
      marks ??= loadParts.pageMarks().then(({ createPageMarks }) => createPageMarks());
      marks.then((made) => made.add(info, { ...places, deleteUrl }), reportError);
    },
    removeThumbnails: async () => (await marks)?.removeThumbnails(),
  };
}
