/** Takes away what a source has put up; nothing when there is nothing to take away. */
// biome-ignore lint/suspicious/noConfusingVoidType: a source may be a function without a return
export type SourceCleanUp = (() => void) | void;

/** What a source may hand over: files, or addresses that the server fetches. */
export interface PickedUrl {
  readonly url: string;
  readonly name?: string;
  /** Bytes, when known. */
  readonly size?: number;
  /** Shown in the queue; http, https, blob. */
  readonly thumbnailUrl?: string;
}

export interface SourceContext {
  addFiles(files: readonly File[]): void;
  addUrls(urls: readonly (string | PickedUrl)[]): void;
  /** Whether more than one file may be taken. */
  readonly multiple: boolean;
  readonly language: string;
  /** A text of the widget by its path, for example `actions.upload`. */
  text(path: string, values?: Readonly<Record<string, string | number>>): string;
  /** Says it in the widget, and aloud to screen readers. */
  notify(message: string): void;
  /** Aborted when the tab is left or the widget closed. */
  readonly signal: AbortSignal;
}

/**
 * A tab of the widget that you bring. `mount` gets an empty element inside the widget's shadow root; set text with `textContent`
 * and styles with `adoptedStyleSheets` or `element.style`, so that it works under a strict Content-Security-Policy.
 */
export interface UploadSource {
  /** As in `sources`: an id of the original (`image_search`, `dropbox`, ...) or your own. */
  readonly id: string;
  /** Name of the tab. Absent: the widget's text for that id. */
  readonly label?: string;
  /** Path data of a 24 x 24 icon, drawn with strokes. */
  readonly iconPath?: string;
  /** Called when the tab is first shown; may load what it needs. Answers how to clean up. */
  mount(element: HTMLElement, context: SourceContext): SourceCleanUp | Promise<SourceCleanUp>;
}

const registered = new Map<string, UploadSource>();

/** Makes a source known to every widget of the page. */
export function registerSource(source: UploadSource): void {
  registered.set(source.id, source);
}

/** Sources the page has brought, those of one widget first. */
export function findSource(id: string, own: readonly UploadSource[]): UploadSource | null {
  return own.find((source) => source.id === id) ?? registered.get(id) ?? null;
}

export function registeredSourceIds(): string[] {
  return [...registered.keys()];
}
