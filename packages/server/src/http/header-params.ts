/** `value; name=token; name="quoted"`: the shape of Content-Type and Content-Disposition. */
export interface HeaderParams {
  /** Lower case. */
  readonly value: string;
  /** By lower-case name, `filename*` being a name of its own. */
  readonly params: ReadonlyMap<string, string>;
}

const head = /^[ \t]*([^\s;,"]*)[ \t]*/;
const param = /;[ \t]*([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^";\s]*))[ \t]*/sy;
const end = /(?:;[ \t]*)*$/y;

/**
 * Null when the text is not of that shape or a name comes twice. Only `\"` is unescaped: clients put whole Windows paths into
 * quoted file names without doubling the backslashes.
 */
export function parseHeaderParams(text: string): HeaderParams | null {
  const start = head.exec(text);
  if (start === null) return null;
  const params = new Map<string, string>();
  let position = start[0].length;
  for (;;) {
    param.lastIndex = position;
    const match = param.exec(text);
    if (match === null) break;
    const name = (match[1] ?? '').toLowerCase();
    if (params.has(name)) return null;
    params.set(name, match[2]?.replaceAll('\\"', '"') ?? match[3] ?? '');
    position = param.lastIndex;
  }
  end.lastIndex = position;
  return end.test(text) ? { value: (start[1] ?? '').toLowerCase(), params } : null;
}

const utf8Names = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Whether a `charset` parameter, if there is one, names UTF-8 or a subset of it. */
export function isUtf8({ params }: HeaderParams): boolean {
  const charset = params.get('charset');
  return charset === undefined || utf8Names.has(charset.toLowerCase());
}
