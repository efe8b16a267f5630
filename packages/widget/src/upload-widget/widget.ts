import { defaultCloudName } from '../api-url.js';
import { elementOf, newId } from '../browser/page.js';
import type { UploadWidgetCallback } from '../events.js';
import { loadLocale } from '../load-parts.js';
import type { LocaleTree } from '../locales/en.js';
import { createSettings, mergeSettings, type Settings, type UploadWidgetOptions } from '../options.js';
import { translateOf } from '../ui/appearance.js';
import type { ViewContext } from '../ui/context.js';
import { createFrame } from '../ui/frame.js';
import { createPageEffects } from './page-effects.js';
import { createReporter } from './report.js';
import { createSession } from './session.js';
import { sourceId, sourceTabs } from './source-tabs.js';
import { createStore, type Display, firstState } from './state.js';

/** The methods of the original (widget reference, section 1.2); none needs `this`. */
export interface UploadWidget {
  /** Shows the widget. What is no text is ignored: pages write `onclick={widget.open}`. `files` are addresses to upload at once. */
  open(source?: unknown, options?: { readonly files?: readonly string[] }): void;
  /** Back to the beginning. Asks first when uploads would be lost, unless `quiet`. */
  close(options?: unknown): void;
  /** Merges options; a callback replaces the one given before. */
  update(options: UploadWidgetOptions, callback?: UploadWidgetCallback): void;
  hide(): void;
  show(): void;
  minimize(): void;
  destroy(options?: { readonly removeThumbnails?: boolean }): Promise<void>;
  isShowing(): boolean;
  isMinimized(): boolean;
  isDestroyed(): boolean;
  /** Uploads files that the page has got elsewhere, through the same checks. Ours. */
  addFiles(files: Iterable<File>): Promise<void>;
}

/** Builds the widget, hidden until `open()`. */
export function createUploadWidget(
  options: UploadWidgetOptions = {},
  callback?: UploadWidgetCallback,
): UploadWidget {
  let settings: Settings = createSettings(options);
  let isDestroyed = false;
  /** Shown since it was made or closed: there is something to close, also when it is hidden. */
  let isInUse = false;
  let locale: LocaleTree | null = null;
  let loadedLanguage = 'en';
  /** Another one each time the page or the visitor wants it gone: what waits for texts is not shown then. */
  let visit = {};
  let t = translateOf(settings, locale);
  const withCloud = (): Settings => {
    const cloudName = settings.cloudName ?? defaultCloudName();
    return cloudName === undefined ? settings : { ...settings, cloudName };
  };
  const store = createStore();
  const report = createReporter(callback ?? null, newId());
  const page = createPageEffects(withCloud);
  const session = createSession({
    settings: withCloud,
    translate: () => t,
    store,
    report,
    page,
    onFinished: () => close({ quiet: true }),
    onStarted: () => settings.autoMinimize === true && minimize(),
  });
  const container = elementOf(settings.inlineContainer);
  let context: ViewContext | null = null;
  const viewContext = (): ViewContext => {
    context ??= {
      ...{ settings: withCloud(), session, t, language: settings.language, isInline: container !== null },
      requestClose: () => close(),
      stopAndClose: () => close({ quiet: true }),
      ...{ minimize, expand: show },
    };
    return context;
  };
  const frame = createFrame({
    settings: withCloud,
    context: viewContext,
    store,
    container,
    onForcedClose: () => (session.hasOpenUploads() ? minimize() : close()),
    onPaste: (files) => void session.addFiles(files, 'local'),
  });
  const firstSource = () => {
    const tabs = sourceTabs(settings);
    return (tabs.find(({ id }) => id === sourceId(settings.defaultSource)) ?? tabs[0])?.id ?? 'local';
  };
  store.set({ source: firstSource() });
  if (container !== null) open();

  function display(next: Display): void {
    const before = store.get().display;
    if (isDestroyed || before === next) return;
    isInUse = true;
    store.set({ display: next });
    if (next !== 'shown') frame.paint();
    report.tell('display-changed', before === 'minimized' && next === 'shown' ? 'expanded' : next);
  }

  function open(source?: unknown, options?: { readonly files?: readonly string[] }): void {
    const files = options?.files;
    if (isDestroyed) return;
    if (typeof source === 'string') session.selectSource(source);
    whenReady(() => {
      show();
      if (session.misconfiguration() !== null) {
        frame.paint();
        return;
      }
      void session.restore();
      if (Array.isArray(files)) void session.addUrls(files, 'url');
    });
  }

  /** Texts of the language first, so that nothing flickers; without them, in English. */
  function whenReady(run: () => void): void {
    const { language } = settings;
    const mine = visit;
    if (language === loadedLanguage) {
      run();
      return;
    }
    const finish = (found: LocaleTree | null) => {
      if (isDestroyed || visit !== mine) return;
      if (settings.language !== language) {
        whenReady(run);
        return;
      }
      locale = found;
      loadedLanguage = language;
      refresh();
      run();
    };
    loadLocale(language).then(finish, () => finish(null));
  }

  function refresh(): void {
    t = translateOf(settings, locale);
    context = null;
  }

  function close(given?: unknown): void {
    if (isDestroyed) return;
    const isQuiet = (given as { quiet?: boolean } | undefined)?.quiet === true;
    if (isInUse && !isQuiet && session.hasOpenUploads()) {
      store.set({ view: 'prompt' });
      show();
      return;
    }
    visit = {};
    if (!isInUse) return;
    // What ends by this may want it closed too.
    isInUse = false;
    session.reset();
    if (container === null) display('hidden');
    isInUse = container !== null;
    store.set({ ...firstState, display: store.get().display, source: firstSource() });
    report.tell('close', undefined);
  }

  function minimize(): void {
    if (container === null && store.get().display === 'shown') display('minimized');
  }

  function show(): void {
    display('shown');
    frame.paint();
  }

  return Object.freeze<UploadWidget>({
    open,
    close,
    update(changes, next) {
      settings = mergeSettings(settings, changes);
      if (next !== undefined) report.setCallback(next);
      refresh();
      if ('styles' in changes) frame.dress();
      if (!sourceTabs(settings).some(({ id }) => id === store.get().source))
        store.set({ source: firstSource() });
      if (store.get().display !== 'hidden') whenReady(() => frame.paint());
      if (store.get().view === 'broken' && session.misconfiguration() === null)
        store.set({ view: 'sources', notices: [] });
    },
    hide() {
      visit = {};
      display('hidden');
    },
    show: () => whenReady(show),
    minimize,
    async destroy({ removeThumbnails = false } = {}) {
      if (isDestroyed) return;
      isDestroyed = true;
      report.setCallback(null);
      store.set({ display: 'hidden' });
      session.end();
      frame.destroy();
      if (removeThumbnails) await page.removeThumbnails();
    },
    isShowing: () => !isDestroyed && store.get().display === 'shown',
    isMinimized: () => !isDestroyed && store.get().display === 'minimized',
    isDestroyed: () => isDestroyed,
    addFiles: (files) => session.addFiles([...files]),
  });
}

/** Builds the widget and shows it. */
export function openUploadWidget(
  options?: UploadWidgetOptions,
  callback?: UploadWidgetCallback,
): UploadWidget {
  const widget = createUploadWidget(options, callback);
  widget.open();
  return widget;
}
