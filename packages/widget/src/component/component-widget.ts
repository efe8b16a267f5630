import type { UploadWidgetError } from '../events.js';
import type { UploadWidgetOptions } from '../options.js';
import type { UploadWidget } from '../upload-widget/widget.js';
import { type ComponentOptions, componentOptions } from './component-options.js';
import { forwardedOptions } from './forwarded-options.js';
import { loadWidgetProvider, type WidgetProvider, type WidgetSource } from './load-provider.js';
import { optionChanges } from './option-changes.js';
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
  /** Not loaded yet, and not known to have failed. */
  readonly isLoading: boolean;
  /** Why the widget could not be loaded; null when it was, or has not been tried. Stays while `open` tries again. */
  readonly loadError: string | null;
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

/** A function that loads is another one at each render when it is written where it is given; uploads must not end with that. */
function isSameMaker(one: WidgetSource['widget'], other: WidgetSource['widget']): boolean {
  return one === other || (typeof one === 'function' && typeof other === 'function');
}

type OpenArguments = Parameters<UploadWidget['open']>;

/** A widget and what it was told. One that is no longer the current one has no say any more. */
interface Made {
  options: UploadWidgetOptions;
  /** Undefined while it is being made. */
  widget: UploadWidget | undefined;
}

interface Loading {
  readonly name: 'loading';
  readonly source: WidgetSource;
  /** How it is to be opened when it is there. */
  opening: OpenArguments | null;
  /** Why the try before this one failed. */
  readonly loadError: string | null;
}

interface Ready {
  readonly name: 'ready';
  readonly source: WidgetSource;
  readonly provider: WidgetProvider;
  /** Null as long as there are no options that a widget could be made of. */
  made: Made | null;
  /** Told already; not again at every change of other props. */
  lastMistake: string | null;
}

/** Where a component's widget stands. What was begun in one phase is not finished in another, even in one of the same name. */
type Phase =
  | { readonly name: 'new'; opening: OpenArguments | null }
  | Loading
  | { readonly name: 'failed'; readonly source: WidgetSource; readonly loadError: string }
  | Ready
  | { readonly name: 'gone' };

/** Keeps a widget for a component. `props` is asked whenever something happens, so that the latest handler is called. */
export function createComponentWidget(
  props: () => ComponentWidgetProps,
  onChange: () => void = () => {},
): ComponentWidget {
  let phase: Phase = { name: 'new', opening: null };
  const currentOptions = forwardedOptions(() => componentOptions(props()));

  function enter<Next extends Phase>(next: Next): Next {
    phase = next;
    onChange();
    return next;
  }

  async function load(opening: OpenArguments | null, loadError: string | null = null): Promise<void> {
    const { widget, scriptUrl } = props();
    const source = { widget, scriptUrl };
    const mine = enter<Loading>({ name: 'loading', source, opening, loadError });
    const outcome = await loadWidgetProvider(source).then(
      (provider): Ready => ({ name: 'ready', source, provider, made: null, lastMistake: null }),
      (error: unknown) => ({ name: 'failed', source, loadError: (error as Error).message }) as const,
    );
    if (phase !== mine) return;
    if (outcome.name === 'failed') {
      enter(outcome);
      fail(outcome.loadError);
      return;
    }
    phase = outcome;
    make(outcome);
    if (mine.opening !== null) show(outcome, mine.opening);
  }

  function make(ready: Ready): void {
    drop(ready);
    try {
      const made: Made = { options: currentOptions(), widget: undefined };
      Object.assign(ready, { made, lastMistake: null });
      const callback = createResultCallback(props, () => context);
      made.widget = ready.provider.createUploadWidget(made.options, (error, result) => {
        if (phase === ready && ready.made === made) callback(error, result);
      });
    } catch (error) {
      mistaken(ready, error);
    }
    onChange();
  }

  function drop(ready: Ready): void {
    const old = ready.made?.widget;
    ready.made = null;
    old?.destroy().catch(() => {});
  }

  function mistaken(ready: Ready, error: unknown): void {
    const { message } = error as Error;
    ready.lastMistake = message;
    fail(message);
  }

  function fail(message: string): void {
    const { onError } = props();
    if (onError === undefined) console.error(`[counterseal] ${message}`);
    else onError({ status: message, statusText: message }, context);
  }

  function show(ready: Ready, args: OpenArguments): void {
    if (ready.made?.widget?.isDestroyed() !== false) make(ready);
    const widget = ready.made?.widget;
    if (widget === undefined) return;
    widget.open(...args);
    props().onOpen?.(widget);
  }

  const current = () => (phase.name === 'ready' ? phase.made?.widget : undefined);

  const stayClosed = () => {
    if ('opening' in phase) phase.opening = null;
  };

  const methods: UploadWidget = {
    open(...args) {
      switch (phase.name) {
        case 'new':
        case 'loading':
          phase.opening = args;
          break;
        case 'failed':
          void load(args, phase.loadError);
          break;
        case 'ready':
          show(phase, args);
          break;
        case 'gone': // Nobody would remove the widget.
          break;
        default:
          phase satisfies never;
      }
    },
    close(...args) {
      stayClosed();
      current()?.close(...args);
    },
    update: (...args) => current()?.update(...args),
    hide() {
      stayClosed();
      current()?.hide();
    },
    show: () => current()?.show(),
    minimize: () => current()?.minimize(),
    async destroy(...args) {
      stayClosed();
      await current()?.destroy(...args);
      onChange();
    },
    isShowing: () => current()?.isShowing() ?? false,
    isMinimized: () => current()?.isMinimized() ?? false,
    isDestroyed: () => current()?.isDestroyed() ?? true,
    addFiles: async (files) => current()?.addFiles(files),
  };
  /** While the widget is being made it may tell something already: then its methods stand for it. */
  const context: UploadWidgetContext = {
    ...methods,
    get widget() {
      return current() ?? methods;
    },
  };

  return {
    methods,
    snapshot: () => ({
      widget: current(),
      cloudinary: phase.name === 'ready' ? phase.provider : null,
      isLoading: phase.name === 'new' || phase.name === 'loading',
      loadError: 'loadError' in phase ? phase.loadError : null,
    }),
    mount: () => void load('opening' in phase ? phase.opening : null),
    refresh() {
      if (!('source' in phase)) return;
      const { source } = phase;
      const { widget, scriptUrl } = props();
      if (!isSameMaker(widget, source.widget) || scriptUrl !== source.scriptUrl) {
        if (phase.name === 'ready') drop(phase);
        void load('opening' in phase ? phase.opening : null);
      } else if (phase.name === 'ready') follow(phase);
    },
    unmount() {
      const left = phase;
      phase = { name: 'gone' };
      if (left.name === 'ready') drop(left);
    },
  };

  function follow(ready: Ready): void {
    let next: UploadWidgetOptions;
    try {
      next = currentOptions();
    } catch (error) {
      if ((error as Error).message === ready.lastMistake) return;
      drop(ready);
      mistaken(ready, error);
      onChange();
      return;
    }
    if (ready.made === null) make(ready);
    else change(ready, ready.made, next);
  }

  function change(ready: Ready, made: Made, next: UploadWidgetOptions): void {
    const { widget } = made;
    const { changes, mustBeNew } = optionChanges(made.options, next);
    made.options = next;
    // What the page has destroyed stays so until it is opened.
    if (changes === null || widget?.isDestroyed() !== false) return;
    if (!mustBeNew) {
      widget.update(changes);
      return;
    }
    const wasShowing = widget.isShowing();
    make(ready);
    if (wasShowing) ready.made?.widget?.open();
  }
}
