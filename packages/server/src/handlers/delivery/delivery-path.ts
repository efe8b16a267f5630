import { isCloudName } from '@counterseal/protocol';

/** Optional prefix of every delivery address. */
const alternativeRoot = 'res';

/** The raw path of a request target, without the query, which selects nothing (transformations reference, section 1.1). */
export function readPath(target: string | undefined): string {
  const text = target ?? '';
  const end = text.indexOf('?');
  return end < 0 ? text : text.slice(0, end);
}

/** Whether a path is one below a legal cloud name; our own first segments are none. */
export function isDeliveryPath(path: string): boolean {
  const [, first = '', second = '', third = ''] = path.split('/', 4);
  return first === alternativeRoot
    ? isCloudName(second) && third !== ''
    : isCloudName(first) && second !== '';
}

/** First segments after the cloud that name something else than pictures (section 1.1). */
const otherRoots: ReadonlySet<string> = new Set(['video', 'videos', 'raw', 'files']);

/** Whether a path asks for a picture; everything that is not another type by name does. */
export function isImagePath(path: string): boolean {
  const [, first, second, third] = path.split('/', 4);
  return !otherRoots.has((first === alternativeRoot ? third : second) ?? '');
}
