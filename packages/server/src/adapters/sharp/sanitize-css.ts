/** Cleans the CSS of an SVG: declarations without external references, no at-rules. Part of {@link sanitizeSvg}. */

const propertyName = /^-?[a-z][a-z-]*$/i;
const forbiddenProperty = /^(?:behavior|-moz-binding|src)$/i;
const localUrl = /url\(\s*(["']?)#[^\s"'()<>\\]+\1\s*\)/gi;
/** A backslash can hide any of these; `image-set` and `image` take bare strings as addresses. */
const forbiddenValue = /url\(|\\|expression|javascript:|@|[<>{}]|image-set\(|\bimage\(|\bsrc\(/i;
/** What one rule of a style sheet may select with. */
const selector = /^[\w\s.#*,:>+~()[\]="'-]{1,500}$/;

/** A value without references out of the document, or null when it has one. */
export function cleanValue(value: string): string | null {
  return forbiddenValue.test(value.replace(localUrl, '')) ? null : value;
}

/** The harmless declarations of a `style` attribute or rule body. */
export function cleanDeclarations(text: string): string {
  const kept: string[] = [];
  for (const declaration of withoutComments(text).split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const name = declaration.slice(0, colon).trim();
    const value = cleanValue(declaration.slice(colon + 1).trim());
    if (value === null || value === '') continue;
    if (propertyName.test(name) && !forbiddenProperty.test(name)) kept.push(`${name}:${value}`);
  }
  return kept.join(';');
}

/** The plain rules of a style sheet. At-rules go, with their blocks: `@import` and `@font-face` load, the rest is rare. */
export function cleanStyleSheet(text: string): string {
  const kept: string[] = [];
  let rest = withoutComments(text).replace(/<!--|-->/g, '');
  while (rest.trim() !== '') {
    const open = rest.indexOf('{');
    const statementEnd = rest.indexOf(';');
    if (statementEnd >= 0 && (open < 0 || statementEnd < open)) {
      rest = rest.slice(statementEnd + 1); // `@import ...;` and stray text
      continue;
    }
    if (open < 0) break;
    const close = closingBrace(rest, open);
    const prelude = rest.slice(0, open).trim();
    const body = rest.slice(open + 1, close);
    rest = rest.slice(close + 1);
    if (!selector.test(prelude) || body.includes('{')) continue;
    const declarations = cleanDeclarations(body);
    if (declarations !== '') kept.push(`${prelude}{${declarations}}`);
  }
  return kept.join('\n');
}

/** Where the block that opens at `open` ends; the end of the text when it never does. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return text.length;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ');
}
