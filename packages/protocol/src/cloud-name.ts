/** First path segments that belong to the server, now or by the wire's own grammar, and so can name no cloud. */
const reserved = new Set([
  'res',
  'image',
  'images',
  'video',
  'videos',
  'raw',
  'files',
  'auto',
  'health',
  'widgets',
  'global',
  'latest',
  'sign',
  'console',
  'metrics',
]);

/**
 * 2-128 letters, digits and hyphens, a letter first (upload-api reference, section 1); not `v1`, `v2` ..., nor a first segment of
 * our own. The names that are refused are refused in any case.
 */
export function isCloudName(text: string): boolean {
  const lower = text.toLowerCase();
  return /^[A-Za-z][A-Za-z0-9-]{1,127}$/.test(text) && !/^v\d+$/.test(lower) && !reserved.has(lower);
}
