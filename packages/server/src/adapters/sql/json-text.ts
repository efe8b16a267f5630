/**
 * JSON text -> object without a prototype, so that keys chosen by clients (`__proto__`, `constructor`) are only data (threat
 * model T35). `JSON.parse` itself makes `__proto__` an ordinary key.
 */
export function parseRecord<T>(text: string): Record<string, T> {
  return Object.assign(Object.create(null), JSON.parse(text));
}

/** JSON text written by this adapter -> the value it was made from. */
export function parseJson<T>(text: string): T {
  return JSON.parse(text) as T;
}
