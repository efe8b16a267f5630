import type { UploadWidgetOptions } from '../options.js';
import { isSame } from './plain-data.js';

/** Only another widget can have others of these: who is asked, and what `update()` leaves alone (widgets reference, section 1.2). */
const identityOptions = [
  ...['cloudName', 'apiKey', 'apiUrl', 'secure', 'inlineContainer', 'fieldName'],
  // A function that is forwarded to never changes; one comes and goes with another widget, and so does a signature as a text.
  ...['uploadSignature', 'getTags', 'preBatch'],
] as const;

/** What `update()` is to be told, null stands for what is not given any more; no changes at all are null. */
export function optionChanges(
  before: UploadWidgetOptions,
  next: UploadWidgetOptions,
): { readonly changes: UploadWidgetOptions | null; readonly mustBeNew: boolean } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(next)])];
  const changed = names.filter((name) => !isSame(before[name], next[name]));
  return {
    changes:
      changed.length === 0 ? null : Object.fromEntries(changed.map((name) => [name, next[name] ?? null])),
    mustBeNew: identityOptions.some((name) => changed.includes(name)),
  };
}
