/** Reads plain data to its leaves: an effect that did this runs again when any of them changes. */
export function readDeeply(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (isPlain) for (const member of Object.values(value)) readDeeply(member);
}
