import { apiUrlOf } from '../api-url.js';
import { newId, pageConnectivity, pageTimers } from '../browser/page.js';
import { xhrTransport } from '../browser/xhr-transport.js';
import { UploadEngine } from '../core/engine.js';
import { isSettled } from '../core/queue-file.js';
import { findMisconfiguration } from '../core/settle-signing.js';
import { queueItem } from './describe.js';
import type { FileDetails } from './file-details.js';
import { createIntake } from './intake.js';
import { planUpload } from './plan-upload.js';
import { dropPreviews } from './previews.js';
import { createProgressTeller } from './progress-teller.js';
import { createQueueEvents } from './queue-events.js';
import type { SessionContext, SessionDeps } from './session-context.js';
import { sourceId, sourceTabs } from './source-tabs.js';
import { type Store, tagsOf } from './state.js';
import { createUnfinishedKeeper } from './unfinished-keeper.js';

export type Session = ReturnType<typeof createSession>;

/** What the widget does, without how it looks: takes files in, sends them, tells the page. */
export function createSession(deps: SessionDeps) {
  const { settings, store, report } = deps;
  let visit = new AbortController();
  let isRestored = false;
  const apiUrl = () => apiUrlOf(settings().apiUrl);
  const target = () => `${apiUrl()}/${settings().cloudName}`;
  const signal = () => visit.signal;
  const keeper = createUnfinishedKeeper(target, signal);
  const context: SessionContext = {
    ...deps,
    keeper,
    signal,
    t: (path, values) => deps.translate()(path, values),
    notice: (...messages) => store.set({ notices: [...store.get().notices, ...messages].slice(-6) }),
  };
  const { t, notice } = context;
  const tellProgress = createProgressTeller(t, pageTimers.now);
  const { onEvent, signedParams } = createQueueEvents(context, () => engine);

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
  const { addFiles, addUrls, reset } = createIntake(context, engine, () => misconfiguration() === null);

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
      const source = sourceId(id);
      if (!sourceTabs(settings()).some((tab) => tab.id === source)) return;
      const before = store.get();
      store.set({ source, view: before.view === 'queue' ? 'sources' : before.view, notices: [] });
      if (source !== before.source) report.tell('source-changed', { source: id });
    },
    showSources: () => store.set({ view: 'sources', notices: [] }),
    showQueue: () => store.set({ view: 'queue' }),
    /** An advanced field was left with a new text. */
    told(field: 'publicid' | 'tags', text: string) {
      if (field === 'publicid') report.tell('publicid', { id: text });
      else report.tell('tags', { tags: tagsOf(text) });
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
      if (settings().resume !== true || isRestored || engine.files().length > 0) return;
      isRestored = true;
      const mine = signal();
      const found = await keeper.restore();
      if (found.length === 0 || mine.aborted) return;
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
      visit.abort();
      visit = new AbortController();
      isRestored = false;
      store.get().crop?.answer('cancel');
      engine.abortAll();
      engine.clear();
      dropPreviews(files);
      reset();
      signedParams.clear();
    },
    end() {
      visit.abort();
      const files = engine.files();
      engine.clear();
      dropPreviews(files);
    },
  };
}
