import {
  ApiError,
  expandNamed,
  namedIn,
  parseTransformation,
  printTransformation,
  type Transformation,
} from '@counterseal/protocol';
import type { AccountStore, NamedTransformation } from '../ports/account-store.js';

/** Names one transformation may reach, names inside names counted. */
const maxNames = 32;

export interface ResolvedTransformation {
  /** Named ones expanded. */
  readonly transformation: Transformation;
  /** Text of `transformation`: cache key and derived row. */
  readonly canonical: string;
  /** Every named transformation it rests on. */
  readonly named: readonly NamedTransformation[];
}

/**
 * Replaces `t_` names by what the cloud stores under them, names inside names too (transformations reference, section 1.9).
 * @throws ApiError `unknown-transformation`, `invalid-transformation`
 */
export async function resolveTransformation(
  cloud: string,
  parsed: Transformation,
  accounts: Pick<AccountStore, 'findTransformation'>,
): Promise<ResolvedTransformation> {
  const found = new Map<string, { row: NamedTransformation; parsed: Transformation }>();
  let wanted = namedIn(parsed);
  while (wanted.length > 0) {
    const next: string[] = [];
    for (const name of wanted) {
      if (found.has(name)) continue;
      if (found.size === maxNames) throw new ApiError('invalid-transformation');
      const row = await accounts.findTransformation(cloud, name.normalize('NFC'));
      if (row === null) throw new ApiError('unknown-transformation', { name });
      const inner = parseTransformation(row.transformation);
      found.set(name, { row, parsed: inner });
      next.push(...namedIn(inner));
    }
    wanted = next;
  }
  const transformation = expandNamed(parsed, (name) => found.get(name)?.parsed ?? null);
  return {
    transformation,
    canonical: printTransformation(transformation),
    named: [...found.values()].map(({ row }) => row),
  };
}
