import { pageTimers } from '../browser/page.js';
import type { UploadEngine } from '../core/engine.js';
import { UploadFailure } from '../core/failure.js';
import type { PickedUrl } from '../sources.js';
import { askPage } from './ask-page.js';
import { cropFiles } from './crop-files.js';
import { detailsOf, type FileDetails } from './file-details.js';
import { previewOf } from './previews.js';
import type { SessionContext } from './session-context.js';
import { tagsOf } from './state.js';
import { checkFiles, nameOfUrl, newFileOf, type TakenFile } from './take-in.js';

/** Forbidden in public ids (threat model S7). */
const illegalPublicId = /[?&#\\%<>+\p{Cc}]/u;

/** The way of files and addresses into the queue: every check, the crop, the page's `preBatch`. */
export function createIntake(context: SessionContext, engine: UploadEngine, isUsable: () => boolean) {
  const { settings, store, report, keeper, t, notice } = context;
  /** How many files had a public id before. */
  const uses = new Map<string, number>();
  let lastBatch: Promise<void> = Promise.resolve();

  /** One batch after the other, so that limits, crops and hooks know of what went before. The end of the visit is theirs too. */
  function inTurn(batch: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = context.signal();
    lastBatch = lastBatch
      .then(() => (signal.aborted ? undefined : batch(signal)))
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const { message, kind } =
          error instanceof UploadFailure ? error : new UploadFailure('local', t('load_failed'));
        notice(message);
        report.fail({ message, kind });
      });
    return lastBatch;
  }

  /** Files of the page, through every check, into the queue. */
  async function addFiles(files: readonly File[], source = store.get().source): Promise<void> {
    if (!isUsable()) return;
    store.set({ notices: [] });
    if (files.length === 0) return notice(t('notifications.no_new_files'));
    await inTurn(async (signal) => {
      const { taken, refused } = await checkFiles(files, settings(), { t, language: settings().language });
      if (signal.aborted) return;
      for (const { name, reason } of refused) refuse(name, reason);
      await take(taken, source, signal);
    });
  }

  /** Addresses that the server will fetch. */
  async function addUrls(urls: readonly (string | PickedUrl)[], source = store.get().source): Promise<void> {
    if (!isUsable()) return;
    const picked = urls.map((url) => (typeof url === 'string' ? { url } : url));
    const isAddress = ({ url }: PickedUrl) => /^(https?|ftp|s3|gs):\/\/\S+$|^data:/i.test(url);
    store.set({ notices: picked.every(isAddress) ? [] : [t('notifications.invalid_add_url')] });
    const taken = picked.filter(isAddress).map((url) => ({ file: null, url, dimensions: null }));
    await inTurn((signal) => take(taken, source, signal));
  }

  function refuse(name: string, reason: string): void {
    notice(`${name}: ${reason}`);
    report.fail({ name, message: reason, kind: 'restriction' });
  }

  async function take(all: readonly TakenFile[], source: string, signal: AbortSignal): Promise<void> {
    const taken = withinLimit(all);
    if (taken.length === 0) return;
    const publicId = chosenPublicId();
    if (publicId !== null && illegalPublicId.test(publicId)) {
      notice(t('notifications.invalid_public_id'));
      return report.tell('batch-cancelled', { reason: 'INVALID_PUBLIC_ID' });
    }
    const cropped = settings().cropping
      ? await cropFiles(taken, context, refuse)
      : taken.map((file) => ({ ...file, coordinates: null }));
    if (signal.aborted || cropped.length === 0 || !(await isWanted(cropped, signal)) || signal.aborted)
      return;
    const added = engine.add(
      cropped.map((file) => ({
        ...newFileOf(file),
        details: detailsFor(file, file.coordinates, source, publicId),
      })),
    );
    for (const file of added) {
      const { name, size, type } = file;
      const { file: own, publicId: id } = detailsOf(file);
      report.tell('upload-added', {
        file: { name, size, type, lastModified: own?.lastModified ?? null },
        publicId: id,
      });
      if (settings().resume === true) void keeper.save(file);
    }
    engine.start();
  }

  /** As many as may still be uploaded; what is left out is said. */
  function withinLimit(files: readonly TakenFile[]): readonly TakenFile[] {
    const { multiple, maxFiles, cropping } = settings();
    const used = engine.files().filter(({ status }) => status !== 'aborted' && status !== 'failed').length;
    const single = !multiple || cropping;
    const room = single ? 1 : Math.max(0, (maxFiles ?? Infinity) - used);
    if (files.length <= room) return files;
    notice(single ? t('notifications.one_file') : t('notifications.limit_reached', { num: maxFiles ?? 1 }));
    report.tell('batch-cancelled', { reason: 'MAX_EXCEEDED' });
    return files.slice(0, room);
  }

  async function isWanted(files: readonly TakenFile[], signal: AbortSignal): Promise<boolean> {
    const { preBatch, hookTimeoutMs: timeoutMs } = settings();
    if (typeof preBatch !== 'function') return true;
    const own = files.map(
      ({ file, url }) => file ?? ({ name: nameOfUrl(url?.url ?? ''), ...url } as unknown as File),
    );
    const answer = await askPage<{ cancel?: boolean } | undefined>(
      'preBatch',
      (callback) => preBatch(callback, { files: own }),
      { timeoutMs, timers: pageTimers, signal },
    );
    if (answer?.cancel !== true) return true;
    notice(t('notifications.batch_cancelled'));
    return false;
  }

  function chosenPublicId(): string | null {
    const typed = store.get().advanced.publicId.trim();
    return typed === '' ? settings().publicId : typed;
  }

  function detailsFor(
    { file, url, dimensions }: TakenFile,
    coordinates: readonly number[] | null,
    source: string,
    publicId: string | null,
  ): FileDetails {
    const { advanced } = store.get();
    const publicIdCounter = publicId === null ? 0 : (uses.get(publicId) ?? 0);
    if (publicId !== null && settings().multiple) uses.set(publicId, publicIdCounter + 1);
    const tags = tagsOf(advanced.tags);
    return {
      file,
      source,
      publicId,
      publicIdCounter: settings().multiple ? publicIdCounter : 0,
      tags: tags.length === 0 ? null : tags,
      uploadPreset: advanced.uploadPreset || null,
      dimensions,
      coordinates,
      preview: file === null ? (url?.thumbnailUrl ?? null) : previewOf(file, settings()),
      prepared: {},
    };
  }

  return { addFiles, addUrls, reset: () => uses.clear() };
}
