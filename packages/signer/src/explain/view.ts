import { type OperationName, operations, type ParamTable, unsignedNames } from '@counterseal/protocol';
import type { Fields } from './finding.js';

/** A request as the server sees it: what it signs, what it leaves out, and the lists among it. */
export interface RequestView {
  /** Known to the operation and signed; lists joined. */
  readonly signed: Readonly<Record<string, string>>;
  /** Sent, but no part of the string to sign: never signed, or unknown to the operation. */
  readonly leftOut: Readonly<Record<string, string>>;
  /** Parameters that came as several fields. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Names in the order in which they came. */
  readonly order: readonly string[];
  readonly emptyNames: readonly string[];
}

export function viewRequest(fields: Fields, operation: OperationName): RequestView {
  const table: ParamTable = operations[operation].params;
  const values = new Map<string, string[]>();
  const emptyNames: string[] = [];
  for (const [rawName, value] of fields) {
    const name = rawName.replace(/\[\d*\]$/, '');
    if (value === '') emptyNames.push(name);
    else values.set(name, [...(values.get(name) ?? []), value]);
  }
  const pick = (isSigned: boolean) =>
    Object.fromEntries(
      [...values]
        .filter(([name]) => name !== 'signature')
        .filter(([name]) => (Object.hasOwn(table, name) && !unsignedNames.has(name)) === isSigned)
        .map(([name, list]) => [name, list.join(',')]),
    );
  return {
    signed: pick(true),
    leftOut: pick(false),
    lists: Object.fromEntries([...values].filter(([, list]) => list.length > 1)),
    order: [...values.keys()],
    emptyNames,
  };
}
