import type { Translate } from '../locales/text.js';
import type { Settings } from '../options.js';
import type { PageEffects } from './page-effects.js';
import type { Reporter } from './report.js';
import type { Store } from './state.js';
import type { UnfinishedKeeper } from './unfinished-keeper.js';

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

/** What the parts of a session share. */
export interface SessionContext extends SessionDeps {
  readonly t: Translate;
  readonly keeper: UnfinishedKeeper;
  /** Aborted when the widget is closed or destroyed: what is not in the queue by then does not get there any more. */
  signal(): AbortSignal;
  /** Shows problems in the widget; the oldest make room. */
  notice(...messages: readonly string[]): void;
}
