import type { UploadWidgetError } from '../events.js';
import type { UploadWidgetOptions } from '../options.js';
import type { UploadWidget } from '../upload-widget/widget.js';
import { type ComponentOptions, componentOptions } from './component-options.js';
import { loadWidgetProvider, type WidgetProvider, type WidgetSource } from './load-provider.js';
import { copyPlain, isSame } from './plain-data.js';
import {
  createResultCallback,
  type UploadWidgetContext,
  type UploadWidgetHandlers,
} from './result-handlers.js';

/** Everything that a component was given. */
export type ComponentWidgetProps = ComponentOptions & WidgetSource & UploadWidgetHandlers<UploadWidgetError>;

export interface ComponentWidgetSnapshot {
  readonly widget: UploadWidget | undefined;
  /** Who made the widget; null until it is loaded. */
  readonly cloudinary: WidgetProvider | null;
  readonly isLoading: boolean;
}

/** One component's widget: made when the component is mounted, kept up with its props, removed with it. */
export interface ComponentWidget {
  /** Never change, need no `this`, may be called at any time. `open` before the widget is loaded opens it then. */
  readonly methods: UploadWidget;
  snapshot(): ComponentWidgetSnapshot;
  /** Loads and makes the widget; again after {@link ComponentWidget.unmount}, as StrictMode does. */
  mount(): void;
  /** To be called when props changed: tells the widget what is new, and makes another one for another cloud. */
  refresh(): void;
  unmount(): void;
}

/** Only another widget can have others of these: who is asked, and what `update()` leaves alone (widgets reference, section 1.2). */
const identityOptions = ['cloudName', 'apiKey', 'apiUrl', 'secure', 'inlineContainer', 'fieldName'] as const;

/** A function that loads is another one at each render when it is written where it is given; uploads must not end with that. */
function isSameMaker(one: WidgetSource['widget'], other: WidgetSource['widget']): boolean {
  return one === other || (typeof one === 'function' && typeof other === 'function');
}

/** Keeps a widget for a component. `props` is asked whenever something happens, so that the latest handler is called. */
export function createComponentWidget(
  props: () => ComponentWidgetProps,
  onChange: () => void = () => {},
): ComponentWidget {
  let provider: WidgetProvider | null = null;
  let source: WidgetSource = {};
  let widget: UploadWidget | undefined;
  /** Null as long as there are no options that a widget could be made of. */
  let applied: UploadWidgetOptions | null = null;
  let lastMistake: string | null = null;
  let opening: Parameters<UploadWidget['open']> | null = null;
  let isLoading = false;
  /** Counts mounts and unmounts: what was begun under another number is not finished. */
  let life = 0;
  /** Counts widgets that are gone: those tell nothing any more. */
  let dropped = 0;
  let isMounted = false;

  const forwarders = new Map<string, unknown>();

  /** Functions of options are asked for when they are called: the one of the latest props answers. */
  function currentOptions(): UploadWidgetOptions {
    const options = Object.entries(componentOptions(props())).map(([name, value]) => {
      if (typeof value !== 'function') return [name, copyPlain(value)];
      const forwarder = forwarders.get(name) ?? ((...args: unknown[]) => latest(name)?.(...args));
      forwarders.set(name, forwarder);
      return [name, forwarder];
    });
    return Object.fromEntries(options);
  }

  function latest(name: string): ((...args: unknown[]) => unknown) | undefined {
    const found = componentOptions(props())[name];
    return typeof found === 'function' ? (found as (...args: unknown[]) => unknown) : undefined;
  }

  async function load(): Promise<void> {
    const mine = life;
    const { widget: given, scriptUrl } = props();
    source = { widget: given, scriptUrl };
    isLoading = true;
    try {
      const found = await loadWidgetProvider(source);
      if (mine !== life) return;
      provider = found;
      make();
      const args = opening;
      opening = null;
      if (args !== null) methods.open(...args);
    } catch (error) {
      if (mine === life) fail(error);
    } finally {
      if (mine === life) isLoading = false;
      onChange();
    }
  }

  function make(): void {
    if (provider === null) return;
    drop();
    try {
      applied = currentOptions();
      lastMistake = null;
      const mine = dropped;
      const callback = createResultCallback(props, () => context);
      widget = provider.createUploadWidget(applied, (error, result) => {
        if (mine === dropped) callback(error, result);
      });
    } catch (error) {
      fail(error);
    }
    onChange();
  }

  function drop(): void {
    const old = widget;
    dropped += 1;
    widget = undefined;
    applied = null;
    old?.destroy().catch(() => {});
  }

  function fail(error: unknown): void {
    const { message } = error as Error;
    lastMistake = message;
    const { onError } = props();
    if (onError === undefined) console.error(`[counterseal] ${message}`);
    else onError({ status: message, statusText: message }, context);
  }

  const isGone = () => widget === undefined || widget.isDestroyed();

  const methods: UploadWidget = {
    open(...args) {
      // Of a component that is gone: nobody would remove the widget.
      if (life > 0 && !isMounted) return;
      if (provider === null) {
        opening = args;
        if (isMounted && !isLoading) void load();
        return;
      }
      if (isGone()) make();
      if (widget === undefined) return;
      widget.open(...args);
      props().onOpen?.(widget);
    },
    close: (...args) => widget?.close(...args),
    update: (...args) => widget?.update(...args),
    hide: () => widget?.hide(),
    show: () => widget?.show(),
    minimize: () => widget?.minimize(),
    async destroy(...args) {
      opening = null;
      await widget?.destroy(...args);
      onChange();
    },
    isShowing: () => widget?.isShowing() ?? false,
    isMinimized: () => widget?.isMinimized() ?? false,
    isDestroyed: () => widget?.isDestroyed() ?? true,
    addFiles: async (files) => widget?.addFiles(files),
  };
  /** While the widget is being made it may tell something already: then its methods stand for it. */
  const context: UploadWidgetContext = {
    ...methods,
    get widget() {
      return widget ?? methods;
    },
  };

  return {
    methods,
    snapshot: () => ({ widget, cloudinary: provider, isLoading: provider === null }),
    mount() {
      life += 1;
      isMounted = true;
      void load();
    },
    refresh() {
      if (!isMounted) return;
      const { widget: given, scriptUrl } = props();
      if (!isSameMaker(given, source.widget) || scriptUrl !== source.scriptUrl) {
        life += 1;
        drop();
        provider = null;
        void load();
        return;
      }
      if (provider === null) return;
      try {
        follow(currentOptions());
      } catch (error) {
        if ((error as Error).message === lastMistake) return;
        drop();
        fail(error);
        onChange();
      }
    },
    unmount() {
      life += 1;
      isMounted = false;
      opening = null;
      drop();
    },
  };

  function follow(next: UploadWidgetOptions): void {
    const before = applied;
    if (before === null) {
      make();
      return;
    }
    const names = [...new Set([...Object.keys(before), ...Object.keys(next)])];
    const changed = names.filter((name) => !isSame(before[name], next[name]));
    if (changed.length === 0) return;
    applied = next;
    const mustBeNew =
      identityOptions.some((name) => changed.includes(name)) ||
      typeof before.uploadSignature !== typeof next.uploadSignature;
    if (!mustBeNew) {
      // Null stands for what is not given any more.
      if (!isGone()) widget?.update(Object.fromEntries(changed.map((name) => [name, next[name] ?? null])));
      return;
    }
    // What the page has destroyed stays so until it is opened.
    if (isGone()) return;
    const wasShowing = widget?.isShowing() === true;
    make();
    if (wasShowing) widget?.open();
  }
}
