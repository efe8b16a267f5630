import { apiUrlOf } from '../api-url.js';
import { newId, pageConnectivity, pageTimers } from '../browser/page.js';
import { xhrTransport } from '../browser/xhr-transport.js';
import type { WireParams } from '../core/credentials.js';
import { type EngineEvent, UploadEngine } from '../core/engine.js';
import { UploadFailure } from '../core/failure.js';
import { isSettled, type QueueFile, totalsOf } from '../core/queue-file.js';
import { checkDimensions, kindOf } from '../core/restrictions.js';
import { findMisconfiguration } from '../core/settle-signing.js';
import { loadParts } from '../load-parts.js';
import type { Translate } from '../locales/text.js';
import type { Settings } from '../options.js';
import type { PickedUrl } from '../sources.js';
import { askPage } from './ask-page.js';
import { queueItem, uploadInfo } from './describe.js';
import { detailsOf, type FileDetails } from './file-details.js';
import type { PageEffects } from './page-effects.js';
import { planUpload } from './plan-upload.js';
import { createProgressTeller } from './progress-teller.js';
import type { Reporter } from './report.js';
import { sourceId, sourceTabs } from './source-tabs.js';
import type { Store } from './state.js';
import { checkFiles, nameOfUrl, newFileOf, refusalText, type TakenFile } from './take-in.js';
import { createUnfinishedKeeper } from './unfinished-keeper.js';

export interface SessionDeps {
  readonly settings: () => Settings;
  readonly translate: () => Translate;
  readonly store: Store;
  readonly report: Reporter;
  readonly page: PageEffects;
  /** Everything is uploaded and nothing more is wanted. */
  readonly onFinished: () => void;
  readonly onStarted: () => void;
}

export type Session = ReturnType<typeof createSession>;

/** Forbidden in public ids (threat model S7). */
const illegalPublicId = /[?&#\\%<>+\p{Cc}]/u;

/** What the widget does, without how it looks: takes files in, sends them, tells the page. */
export function createSession(deps: SessionDeps) {
  const { settings, store, report, page } = deps;
  const t: Translate = (path, values) => deps.translate()(path, values);
  const life = new AbortController();
  const signedParams = new Map<string, WireParams>();
  const uses = new Map<string, number>();
  const apiUrl = () => apiUrlOf(settings().apiUrl);
  const target = () => `${apiUrl()}/${settings().cloudName}`;
  const keeper = createUnfinishedKeeper(target);
  const tellProgress = createProgressTeller(t, pageTimers.now);

  const engine = new UploadEngine({
    transport: xhrTransport,
    timers: pageTimers,
    connectivity: pageConnectivity,
    newId,
    prepare: (file, signal) =>
      planUpload(
        file,
        {
          settings: settings(),
          apiUrl: apiUrl() ?? '',
          timers: pageTimers,
          onSign: ({ id }, params) => signedParams.set(id, params),
        },
        signal,
      ),
    onEvent,
    onChange() {
      const files = engine.files();
      const announcement = tellProgress(files) ?? store.get().announcement;
      const bytesPerSecond = engine.bytesPerSecond();
      store.set({ files, bytesPerSecond, timeLeftMs: engine.timeLeftMs(), announcement });
    },
  });

  function onEvent(event: EngineEvent): void {
    switch (event.type) {
      case 'started':
        report.tell('queues-start', undefined);
        store.set({
          view: 'queue',
          announcement: t('notifications.started', { num: totalsOf(engine.files()).open }),
        });
        deps.onStarted();
        break;
      case 'confirmed':
        if (settings().resume === true) void keeper.save(event.file);
        break;
      case 'success':
        succeed(event.file);
        break;
      case 'failed':
        void fail(event.file);
        break;
      case 'aborted':
        for (const id of event.ids) keeper.drop(engine.file(id));
        report.tell('abort', { ids: event.ids, all: event.all });
        break;
      case 'retried':
        report.tell('retry', { ids: event.ids, all: event.all });
        break;
      case 'ended':
        end(event.files);
        break;
      default:
        event satisfies never;
    }
  }

  function succeed(file: QueueFile): void {
    const info = uploadInfo(file, settings());
    keeper.drop(file);
    signedParams.delete(file.id);
    store.set({ announcement: t('notifications.uploaded', { name: file.name }) });
    page.add(info);
    report.tell('success', info);
  }

  async function fail(file: QueueFile): Promise<void> {
    const failure = file.failure ?? new UploadFailure('local', t('notifications.general_error'));
    const signed = signedParams.get(file.id);
    const reason = failure.kind === 'network' ? t('uploader.errors.network') : failure.message;
    store.set({ announcement: t('notifications.failed', { name: file.name, reason }) });
    const isRefused = settings().debug === true && signed !== undefined && failure.status === 401;
    const diagnosis = isRefused ? await explain(failure.message, signed) : null;
    if (diagnosis !== null) {
      console.warn(`[counterseal] ${file.name}\n${diagnosis}`);
      notice(diagnosis);
    }
    report.fail({
      id: file.id,
      name: file.name,
      message: failure.message,
      httpStatus: failure.status,
      kind: failure.kind,
      ...(diagnosis === null ? {} : { diagnosis }),
    });
  }

  const explain = (message: string, signed: WireParams) =>
    loadParts
      .diagnose()
      .then(({ diagnose }) => diagnose(message, signed))
      .catch(() => null);

  function end(files: readonly QueueFile[]): void {
    report.tell('queues-end', { files: files.map((file) => queueItem(file, settings())) });
    const { view } = store.get();
    // Nothing is left that closing could stop.
    store.set({ announcement: t('notifications.all_done'), view: view === 'prompt' ? 'queue' : view });
    const { multiple, singleUploadAutoClose } = settings();
    const isWhole = files.every(({ status }) => status === 'done');
    if ((!multiple || settings().cropping) && singleUploadAutoClose && isWhole) deps.onFinished();
  }

  function notice(...messages: readonly string[]): void {
    store.set({ notices: [...store.get().notices, ...messages].slice(-6) });
  }

  /** Files of the page, through every check, into the queue. */
  async function addFiles(files: readonly File[], source = store.get().source): Promise<void> {
    if (misconfiguration() !== null) return;
    store.set({ notices: [] });
    if (files.length === 0) return notice(t('notifications.no_new_files'));
    const { taken, refused } = await checkFiles(files, settings(), { t, language: settings().language });
    for (const { name, reason } of refused) refuse(name, reason);
    await take(taken, source);
  }

  /** Addresses that the server will fetch. */
  async function addUrls(urls: readonly (string | PickedUrl)[], source = store.get().source): Promise<void> {
    if (misconfiguration() !== null) return;
    const picked = urls.map((url) => (typeof url === 'string' ? { url } : url));
    const isAddress = ({ url }: PickedUrl) => /^(https?|ftp|s3|gs):\/\/\S+$|^data:/i.test(url);
    if (!picked.every(isAddress)) notice(t('notifications.invalid_add_url'));
    await take(
      picked.filter(isAddress).map((url) => ({ file: null, url, dimensions: null })),
      source,
    );
  }

  function refuse(name: string, reason: string): void {
    notice(`${name}: ${reason}`);
    report.fail({ name, message: reason, kind: 'restriction' });
  }

  async function take(all: readonly TakenFile[], source: string): Promise<void> {
    const taken = withinLimit(all);
    if (taken.length === 0) return;
    const publicId = chosenPublicId();
    if (publicId !== null && illegalPublicId.test(publicId)) {
      notice(t('notifications.invalid_public_id'));
      return report.tell('batch-cancelled', { reason: 'INVALID_PUBLIC_ID' });
    }
    const cropped = settings().cropping
      ? await crop(taken)
      : taken.map((file) => ({ ...file, coordinates: null }));
    if (cropped.length === 0 || !(await isWanted(cropped)) || life.signal.aborted) return;
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

  async function crop(files: readonly TakenFile[]) {
    const done: (TakenFile & { coordinates: readonly number[] | null })[] = [];
    for (const taken of files) {
      const { file } = taken;
      if (file === null || kindOf(file) !== 'image') done.push({ ...taken, coordinates: null });
      else if (taken.dimensions === null) refuse(file.name, t('uploader.errors.unreadable'));
      else {
        const choice = await askForCrop(file);
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

  function askForCrop(file: File): Promise<readonly number[] | null | 'cancel'> {
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

  async function isWanted(files: readonly TakenFile[]): Promise<boolean> {
    const { preBatch, hookTimeoutMs: timeoutMs } = settings();
    if (typeof preBatch !== 'function') return true;
    const own = files.map(
      ({ file, url }) => file ?? ({ name: nameOfUrl(url?.url ?? ''), ...url } as unknown as File),
    );
    try {
      const answer = await askPage<{ cancel?: boolean } | undefined>(
        'preBatch',
        (callback) => preBatch(callback, { files: own }),
        { timeoutMs, timers: pageTimers, signal: life.signal },
      );
      if (answer?.cancel !== true) return true;
      notice(t('notifications.batch_cancelled'));
    } catch (error) {
      const message = (error as Error).message;
      notice(message);
      report.fail({ message, kind: 'hook' });
    }
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
    const tags = advanced.tags.split(',').flatMap((tag) => tag.trim() || []);
    return {
      file,
      source,
      publicId,
      publicIdCounter: settings().multiple ? publicIdCounter : 0,
      tags: tags.length === 0 ? null : tags,
      uploadPreset: advanced.uploadPreset || null,
      dimensions,
      coordinates,
      preview: file === null ? (url?.thumbnailUrl ?? null) : previewOf(file),
      prepared: {},
    };
  }

  function previewOf(file: File): string | null {
    const isAllowed = isSecureContext || settings().showInsecurePreview === true;
    return isAllowed && kindOf(file) === 'image' && !settings().encryption ? URL.createObjectURL(file) : null;
  }

  function dropPreviews(files: readonly QueueFile[]): void {
    for (const file of files) {
      const { preview } = detailsOf(file);
      if (preview?.startsWith('blob:')) URL.revokeObjectURL(preview);
    }
  }

  /** The mistake in the page's options, told; null when there is none. */
  function misconfiguration(): string | null {
    const found = findMisconfiguration(settings(), apiUrl());
    if (found === null) return null;
    const message = t(found);
    store.set({ view: 'broken', notices: [message] });
    report.fail({ message, kind: 'configuration' });
    return message;
  }

  return {
    engine,
    addFiles,
    addUrls,
    notice,
    misconfiguration,
    selectSource(id: string) {
      const known = sourceTabs(settings()).some((tab) => tab.id === sourceId(id));
      if (!known || store.get().source === sourceId(id)) return;
      store.set({ source: sourceId(id), notices: [] });
      report.tell('source-changed', { source: id });
    },
    showSources: () => store.set({ view: 'sources', notices: [] }),
    showQueue: () => store.set({ view: 'queue' }),
    /** An advanced field was left with a new text. */
    told(field: 'publicid' | 'tags', text: string) {
      if (field === 'publicid') report.tell('publicid', { id: text });
      else report.tell('tags', { tags: text.split(',').flatMap((tag) => tag.trim() || []) });
    },
    showCompleted() {
      const done = engine.files().filter(({ status }) => status === 'done');
      report.tell('show-completed', { items: done.map((file) => queueItem(file, settings())) });
    },
    setAdvanced(changes: Partial<ReturnType<Store['get']>['advanced']>) {
      store.set({ advanced: { ...store.get().advanced, ...changes } });
    },
    /** Unfinished uploads of an earlier page come back, and wait. */
    async restore(): Promise<void> {
      if (settings().resume !== true || engine.files().length > 0) return;
      const found = await keeper.restore();
      if (found.length === 0 || life.signal.aborted) return;
      engine.add(
        found.map((file) => ({ ...file, details: { ...(file.details as FileDetails), preview: null } })),
      );
      engine.start();
    },
    forget(id: string) {
      dropPreviews(engine.files().filter((file) => file.id === id && isSettled(file)));
      engine.forget([id]);
    },
    hasOpenUploads: () => engine.files().some((file) => !isSettled(file)),
    /** Back to the beginning: nothing queued, nothing typed. */
    reset() {
      const files = engine.files();
      store.get().crop?.answer('cancel');
      engine.abortAll();
      engine.clear();
      dropPreviews(files);
      uses.clear();
      signedParams.clear();
    },
    end() {
      life.abort(new UploadFailure('local', 'The widget was destroyed'));
      const files = engine.files();
      engine.clear();
      dropPreviews(files);
    },
  };
}
