/** Inclusive at both ends, as in `Content-Range`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const single = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * One byte range of a body of `bytes` bytes (RFC 9110, section 14.1.2). `ignored` for what is malformed, of another unit, or more
 * than one range: "A server MAY ignore the Range header field", and answers with many parts are a lever for abuse (T32).
 */
export function parseRange(header: string, bytes: number): ByteRange | 'unsatisfiable' | 'ignored' {
  const match = single.exec(header);
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return 'ignored';
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Number(last);
  if (last !== '' && end < start) return 'ignored';
  return start >= bytes ? 'unsatisfiable' : { start, end: Math.min(end, bytes - 1) };
}
