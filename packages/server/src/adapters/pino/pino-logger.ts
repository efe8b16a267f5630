import { destination, pino, stdTimeFunctions } from 'pino';
import type { LogFields, Logger } from '../../ports/logger.js';
import { redactFields } from './redact.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface PinoLoggerOptions {
  /** The least severe lines to write. */
  readonly level?: LogLevel;
  /** Takes each line with its line feed. Standard error when absent, written at once so that a crash loses nothing. */
  readonly output?: { write(line: string): void };
}

const STANDARD_ERROR = 2;

/**
 * {@link Logger} as one JSON object a line: `level`, `time` (ISO 8601, UTC), the fields, `msg`. Values are escaped, so a line
 * feed in a file name starts no second record (threat model T49).
 */
export function createPinoLogger({ level = 'info', output }: PinoLoggerOptions = {}): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are copied without secrets before pino sees them.
      serializers: { err: (copied) => copied },
    },
    output ?? destination({ fd: STANDARD_ERROR, sync: true }),
  );
  const at = (severity: Exclude<LogLevel, 'silent'>) => (message: string, fields?: LogFields) => {
    if (log.isLevelEnabled(severity))
      log[severity](fields === undefined ? {} : redactFields(fields), message);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
