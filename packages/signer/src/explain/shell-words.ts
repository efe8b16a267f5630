/** The words of a command line as a POSIX shell splits them (no expansions): quotes, backslashes, continued lines. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  const token =
    /\\\n|\s+|'([^']*)'|\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\$]+|\$)/g;
  let word: string | null = null;
  for (const [all, single, ansi, double, escaped, plain] of line.matchAll(token)) {
    if (all === '\\\n') continue;
    const piece =
      single ?? ansi?.replace(/\\(.)/g, '$1') ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain;
    if (piece !== undefined) word = (word ?? '') + piece;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}
