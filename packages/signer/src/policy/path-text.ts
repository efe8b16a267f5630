/** Parameters that place an asset: their text is a path. */
export const pathParameters: ReadonlySet<string> = new Set([
  'public_id',
  'public_id_prefix',
  'folder',
  'asset_folder',
]);

/** Whether `path` is `base` or lies below it. A closing slash of `base` means only below. */
export function isBelow(path: string, base: string): boolean {
  if (base.endsWith('/')) return path.startsWith(base) && path.length > base.length;
  return path === base || path.startsWith(`${base}/`);
}
