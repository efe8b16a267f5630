import type { z } from 'zod';

/** One row of the configuration. */
export interface Setting {
  readonly env: string;
  /** Of `counterseal serve`, without dashes; null when only the environment has it. */
  readonly flag: string | null;
  /** For the page: the type, and the unit of a number. */
  readonly type: string;
  /** The text that stands in for an absent one; prose for settings that are null then. */
  readonly default: string;
  readonly doc: string;
  readonly schema: z.ZodType;
}
