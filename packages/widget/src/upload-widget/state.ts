import type { QueueFile } from '../core/queue-file.js';

export type Display = 'hidden' | 'shown' | 'minimized';
export type View = 'sources' | 'queue' | 'prompt' | 'broken';

/** One image that waits to be cropped. */
export interface CropRequest {
  readonly file: File;
  /** Coordinates, `null` for the whole image, `'cancel'` for no upload at all. */
  readonly answer: (choice: readonly number[] | null | 'cancel') => void;
}

/** What the user typed and chose in the advanced panel. */
export interface AdvancedFields {
  readonly publicId: string;
  readonly tags: string;
  readonly uploadPreset: string;
}

/** What is typed into the field for tags. */
export function tagsOf(text: string): string[] {
  return text.split(',').flatMap((tag) => tag.trim() || []);
}

/** Everything a view shows. Replaced as a whole: what did not change is the same object. */
export interface WidgetState {
  readonly display: Display;
  readonly view: View;
  readonly source: string;
  readonly files: readonly QueueFile[];
  readonly bytesPerSecond: number | null;
  readonly timeLeftMs: number | null;
  /** Problems to read, newest last. */
  readonly notices: readonly string[];
  /** Said to screen readers once. */
  readonly announcement: string;
  readonly crop: CropRequest | null;
  readonly advanced: AdvancedFields;
}

/** What is to be seen. A crop goes before everything but a question and a mistake, and is still there after them. */
export function viewOf({ view, crop }: WidgetState): View | 'crop' {
  return crop !== null && view !== 'prompt' && view !== 'broken' ? 'crop' : view;
}

export const firstState: WidgetState = {
  display: 'hidden',
  view: 'sources',
  source: 'local',
  files: [],
  bytesPerSecond: null,
  timeLeftMs: null,
  notices: [],
  announcement: '',
  crop: null,
  advanced: { publicId: '', tags: '', uploadPreset: '' },
};

export interface Store {
  get(): WidgetState;
  set(changes: Partial<WidgetState>): void;
  subscribe(listener: () => void): void;
}

/** Between two paintings. Progress of a hundred files costs no more than that of one. */
const paintEveryMs = 80;

/** State with one listener at most a few times a second; the first change after a quiet while is told at once. */
export function createStore(): Store {
  let state = firstState;
  let listener = () => {};
  let isPlanned = false;
  let toldAtMs = 0;
  const tell = () => {
    isPlanned = false;
    toldAtMs = Date.now();
    listener();
  };
  return {
    get: () => state,
    set(changes) {
      state = { ...state, ...changes };
      if (isPlanned) return;
      isPlanned = true;
      setTimeout(tell, Math.max(0, toldAtMs + paintEveryMs - Date.now()));
    },
    subscribe(next) {
      listener = next;
    },
  };
}
