import type { IncomingMessage } from 'node:http';
import type { ApiError } from '@counterseal/protocol';
import type { Logger } from '../ports/logger.js';
import { type ErrorContext, toApiError } from './to-api-error.js';

/** The wire's error for whatever was thrown; what nobody foresaw is logged here, once, with its stack. */
export type ReportError = (error: unknown, req: IncomingMessage) => ApiError;

export function createReportError(logger: Logger, context: ErrorContext): ReportError {
  return (error, req) => {
    const mapped = toApiError(error, context);
    if (mapped.status === 500) {
      logger.error(mapped.code === 'disk-full' ? 'the storage is full' : 'unexpected error', {
        method: req.method,
        path: (req.url ?? '').split('?')[0],
        error: mapped.cause ?? error,
      });
    }
    return mapped;
  };
}
