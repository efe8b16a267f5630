import { h, render } from 'preact';
import { focusedElement, holdScroll } from '../browser/page-lock.js';
import type { Settings } from '../options.js';
import { type Store, viewOf, type WidgetState } from '../upload-widget/state.js';
import { MiniBar, Window } from './app.js';
import { applyStyles, directionOf, isDark } from './appearance.js';
import type { ViewContext } from './context.js';
import { styles } from './styles.js';

const hostTag = 'counterseal-upload-widget';

/** What a page's focus traps, shortcuts and outside-click handlers must not see of a modal widget. */
const keptEvents =
  'pointerdown mousedown touchstart click keydown keyup focusin focusout wheel dragenter dragover drop'.split(
    ' ',
  );

let sheet: CSSStyleSheet | null = null;

export interface FrameDeps {
  readonly settings: () => Settings;
  readonly context: () => ViewContext;
  readonly store: Store;
  readonly container: Element | null;
  /** The browser closed the dialog by itself: a second Escape cannot be refused. */
  readonly onForcedClose: () => void;
  readonly onPaste: (files: readonly File[]) => void;
}

/**
 * The widget's place in the page: one element with a shadow root, a native modal dialog in it (or none, when embedded). Everything it
 * changes in the page is put back by {@link hide} and {@link destroy}, in whatever order they are called.
 */
export function createFrame({ settings, context, store, container, onForcedClose, onPaste }: FrameDeps) {
  const host = document.createElement(hostTag);
  const shadow = host.attachShadow({ mode: 'open' });
  sheet ??= new CSSStyleSheet();
  if (sheet.cssRules.length === 0) sheet.replaceSync(styles);
  shadow.adoptedStyleSheets = [sheet];
  const root = document.createElement('div');
  const said = document.createElement('div');
  said.className = 'said';
  said.setAttribute('role', 'status');
  const place = document.createElement(container === null ? 'dialog' : 'section');
  const mini = document.createElement('div');
  if (container !== null) place.className = 'inline';
  place.setAttribute('aria-labelledby', 'window-title');
  root.append(place, mini);
  shadow.append(root);
  place.append(said);
  const windowRoot = document.createElement('div');
  windowRoot.style.height = '100%';
  place.append(windowRoot);

  // A script in the head may run before there is a body.
  (container ?? document.body ?? document.documentElement).append(host);

  const scheme = matchMedia('(prefers-color-scheme: dark)');
  /** As far as we know: the browser closes dialogs by itself too, and what was held is still to be let go then. */
  let isOpened = false;
  let lastFocus: HTMLElement | null = null;
  let releaseScroll = () => {};
  let shownView: ReturnType<typeof viewOf> | null = null;
  let takeStylesOff = applyStyles(root, settings());

  const keep = (event: Event) => {
    if (place instanceof HTMLDialogElement && place.open) event.stopPropagation();
  };
  for (const name of keptEvents) host.addEventListener(name, keep);
  if (place instanceof HTMLDialogElement) {
    place.addEventListener('cancel', (event) => {
      if (event.target !== place) return;
      event.preventDefault();
      event.stopPropagation();
      context().requestClose();
    });
    place.addEventListener('close', () => {
      // The event comes late: by then the widget may have been opened again.
      if (!place.open && store.get().display === 'shown') onForcedClose();
    });
    place.addEventListener('dragover', (event) => event.preventDefault());
    place.addEventListener('drop', (event) => event.preventDefault());
  }

  const paste = (event: ClipboardEvent) => {
    const { display, source } = store.get();
    const isHere = place instanceof HTMLDialogElement || event.composedPath().includes(host);
    if (display !== 'shown' || viewOf(store.get()) !== 'sources' || source !== 'local' || !isHere) return;
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onPaste(files);
  };
  document.addEventListener('paste', paste);

  function paint(): void {
    const state = store.get();
    const { language, theme } = settings();
    root.className = `root ${theme} ${isDark(settings()) ? 'dark' : ''}`;
    root.dir = directionOf(language);
    root.lang = language;
    const isShown = state.display === 'shown';
    if (place instanceof HTMLDialogElement) setOpen(place, isShown);
    else place.hidden = !isShown;
    render(isShown ? <Window state={state} context={context()} /> : null, windowRoot);
    render(state.display === 'minimized' ? <MiniBar state={state} context={context()} /> : null, mini);
    // Nothing in a closed dialog is heard, and nothing beside an open one.
    const ear = state.display === 'minimized' ? root : place;
    if (said.parentNode !== ear) ear.append(said);
    if (said.textContent !== state.announcement) said.textContent = state.announcement;
    if (isShown) keepFocus(state);
    else shownView = null;
  }

  function setOpen(dialog: HTMLDialogElement, isOpen: boolean): void {
    if (isOpen === isOpened) return;
    isOpened = isOpen;
    if (isOpen) {
      lastFocus = focusedElement();
      // The page may have put another body in the place of its own.
      if (!host.isConnected) document.body.append(host);
      dialog.showModal();
      releaseScroll = holdScroll();
      return;
    }
    dialog.close();
    releaseScroll();
    if (lastFocus?.isConnected) lastFocus.focus({ preventScroll: true });
    lastFocus = null;
  }

  /** When a view is new, its first action has the focus; when what had it is gone, the title has. */
  function keepFocus(state: WidgetState): void {
    const view = viewOf(state);
    const isNew = shownView !== view;
    const isFirst = shownView === null;
    shownView = view;
    const isEmbedded = !(place instanceof HTMLDialogElement);
    if (isEmbedded && (isFirst || !host.contains(document.activeElement))) return;
    const first = shadow.querySelector<HTMLElement>('[data-first-focus]');
    const title = shadow.querySelector<HTMLElement>('#window-title');
    if (isNew && view !== 'crop') (first ?? title)?.focus({ preventScroll: true });
    else if (shadow.activeElement === null) title?.focus({ preventScroll: true });
  }

  scheme.addEventListener('change', paint);
  store.subscribe(paint);

  return {
    host,
    paint,
    /** To be called when `styles` changed. */
    dress() {
      takeStylesOff();
      takeStylesOff = applyStyles(root, settings());
    },
    destroy() {
      scheme.removeEventListener('change', paint);
      document.removeEventListener('paste', paste);
      store.subscribe(() => {});
      if (place instanceof HTMLDialogElement) setOpen(place, false);
      releaseScroll();
      render(null, windowRoot);
      render(null, mini);
      takeStylesOff();
      host.remove();
    },
  };
}
