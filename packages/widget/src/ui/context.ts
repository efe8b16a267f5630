import type { Translate } from '../locales/text.js';
import type { Settings } from '../options.js';
import type { Session } from '../upload-widget/session.js';

/** What every view may use. */
export interface ViewContext {
  readonly settings: Settings;
  readonly session: Session;
  readonly t: Translate;
  readonly language: string;
  readonly isInline: boolean;
  /** Asks first when uploads would be lost. */
  requestClose(): void;
  stopAndClose(): void;
  minimize(): void;
  expand(): void;
}
