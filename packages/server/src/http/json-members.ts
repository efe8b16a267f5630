/**
 * Finds the pieces of a JSON text that `JSON.parse` would hide: the exact text of a number (`1.0`, which is what the client
 * signed) and a member that comes twice. The text must be valid JSON.
 */

/** The members of an object, in order, as raw JSON texts. */
export function splitMembers(json: string): { key: string; value: string }[] {
  return splitItems(json).map((item) => {
    const keyEnd = endOfString(item, 0);
    const value = item.slice(item.indexOf(':', keyEnd) + 1).trim();
    return { key: JSON.parse(item.slice(0, keyEnd)), value };
  });
}

/** The items between the outer brackets of an object or array, trimmed. */
export function splitItems(json: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (character === '"') {
      index = endOfString(json, index) - 1;
    } else if (character === '{' || character === '[') {
      if (depth++ === 0) start = index + 1;
    } else if (character === '}' || character === ']') {
      if (--depth === 0) items.push(json.slice(start, index).trim());
    } else if (character === ',' && depth === 1) {
      items.push(json.slice(start, index).trim());
      start = index + 1;
    }
  }
  return items.length === 1 && items[0] === '' ? [] : items;
}

/** The place after the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return json.length;
}
