const SKIPPED = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE(?:[^>[]|\[[\s\S]*?\])*>)/i;
const ROOT = /^<(?:[A-Za-z_][\w.-]*:)?([A-Za-z][\w.-]*)/;
const HTML_DOCTYPE = /^<!DOCTYPE\s+html/i;
/** What the HTML standard's own sniffing takes for HTML, as far as it starts with a tag (MIME Sniffing, section 7.1). */
const htmlElements = new Set(
  'html head body script iframe h1 div font table a style title b br p meta link img form'.split(' '),
);

/** `svg`, `html` or `xml` for text that starts like one; null for anything else. */
export function sniffMarkup(start: Uint8Array): 'svg' | 'html' | 'xml' | null {
  let text = new TextDecoder(encodingOf(start)).decode(start);
  const isXml = text.startsWith('<?xml');
  for (;;) {
    if (HTML_DOCTYPE.test(text)) return 'html';
    const skipped = SKIPPED.exec(text);
    if (skipped === null) break;
    text = text.slice(skipped[0].length);
  }
  const root = ROOT.exec(text)?.[1];
  if (root === 'svg') return 'svg';
  if (root !== undefined && htmlElements.has(root.toLowerCase())) return 'html';
  return isXml ? 'xml' : null;
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
