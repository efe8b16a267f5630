import type { Parameter, Transformation } from './language.js';

/**
 * The canonical text: the parameters of each component sorted by key with `if` first and variables next, value texts as they
 * came, components in order (transformations reference, section 1.1). Equal texts mean equal work, so this is the cache key and
 * what answers carry.
 */
export function printTransformation(transformation: Transformation): string {
  return transformation.components
    .map(({ parameters }) => [...parameters].sort(byKey).map(printParameter).join(','))
    .join('/');
}

function printParameter({ key, value }: Parameter): string {
  return key === '$' ? `$${value}` : `${key}_${value}`;
}

/** Stable for equal keys: repeated flags and effects keep their order. */
function byKey(left: Parameter, right: Parameter): number {
  const difference = rank(left.key) - rank(right.key);
  if (difference !== 0) return difference;
  if (left.key === right.key) return 0;
  return left.key < right.key ? -1 : 1;
}

function rank(key: string): number {
  if (key === 'if') return 0;
  return key === '$' ? 1 : 2;
}
