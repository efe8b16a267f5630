export type LogFields = Readonly<Record<string, unknown>>;

/** Constant messages, data in fields. Never receives a secret or an expected signature. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
