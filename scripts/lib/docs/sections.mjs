/** Puts generated text between its markers; prose around them stays. A section without markers is added at the end. */
export function applySections(page, sections) {
  return Object.entries(sections).reduce(applySection, page);
}

function applySection(page, [name, text]) {
  const open = `<!-- generated: ${name} (npm run docs) -->`;
  const close = `<!-- end of generated: ${name} -->`;
  const block = `${open}\n\n${text.trim()}\n\n${close}`;
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  if (from === -1 || to === -1) return `${page.trimEnd()}\n\n${block}\n`;
  return page.slice(0, from) + block + page.slice(to + close.length);
}

/** A Markdown table. Bars and line ends in cells are escaped. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Text as code, whatever it holds; empty text stays empty. */
export function code(text) {
  if (text === '') return '';
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text}${fence}`;
}

function cell(value) {
  return String(value ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
}
