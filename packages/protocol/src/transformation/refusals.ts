import { ApiError } from '../errors.js';

/** Longest piece of a client's text that is repeated in an error, in UTF-16 units. */
const MAX_QUOTED_LENGTH = 100;

/** `Invalid <param> in transformation: <value>` (transformations reference, section 1.14). */
export function invalidValue(param: string, value: string): ApiError {
  return new ApiError('invalid-transformation-value', { param, value: quoted(value) });
}

/** A value of the language that this server does not build yet: refused by name, never skipped (section 4.3). */
export function unsupported(param: string, value: string): ApiError {
  return new ApiError('unsupported-transformation', { param, value: quoted(value) });
}

/** `Invalid extension in transformation: <value>`: not a format, or one that cannot be written (section 3). */
export function invalidExtension(value: string): ApiError {
  return new ApiError('invalid-extension', { value: quoted(value) });
}

/** Text that is not a transformation at all, or is larger than any sensible one. */
export function invalidTransformation(): ApiError {
  return new ApiError('invalid-transformation');
}

function quoted(value: string): string {
  return value.length > MAX_QUOTED_LENGTH ? `${value.slice(0, MAX_QUOTED_LENGTH)}...` : value;
}
