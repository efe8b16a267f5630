import {
  ApiError,
  type OperationName,
  operations,
  type ParamTable,
  unsignedNames,
} from '@counterseal/protocol';

/** Request parameters by bare name, as received: the text, or the texts of a repeated list. Made once per request. */
export type Parameters = ReadonlyMap<string, string | readonly string[]>;

export interface KnownParameters {
  /** What the operation knows, without empty values: the object that is verified is the object that is acted on. */
  readonly known: Parameters;
  /** Names the reference does not list for the operation: no effect, not signed, named in `X-Counterseal-Ignored`. */
  readonly ignored: readonly string[];
}

/** Splits by the operation's table. Empty values are dropped before anything else sees them (threat model S5). */
export function splitKnown(operation: OperationName, parameters: Parameters): KnownParameters {
  const table: ParamTable = operations[operation].params;
  const known = new Map<string, string | readonly string[]>();
  const ignored: string[] = [];
  for (const [name, value] of parameters) {
    if (!Object.hasOwn(table, name)) ignored.push(name);
    else if (value.length > 0) known.set(name, value);
  }
  return { known, ignored };
}

/** The part of the known parameters that enters the string to sign. */
export function signable(known: Parameters): Record<string, string | string[]> {
  const params: Record<string, string | string[]> = {};
  for (const [name, value] of known) {
    if (!unsignedNames.has(name)) params[name] = typeof value === 'string' ? value : [...value];
  }
  return params;
}

const off = new Set(['false', '0']);

/**
 * Refuses, by name, every known parameter that is not built and would change the result.
 * @throws ApiError `unsupported-parameter`, or the text the reference gives for it
 */
export function refuseUnsupported(operation: OperationName, known: Parameters): void {
  const table: ParamTable = operations[operation].params;
  for (const [name, value] of known) {
    const spec = table[name];
    const text = typeof value === 'string' ? value : value.join(',');
    if (spec?.support !== 'refused' || off.has(text)) continue;
    if (spec.refusal === undefined) throw new ApiError('unsupported-parameter', { name });
    throw new ApiError('refused-value', { text: spec.refusal.replace('{value}', text) });
  }
}
