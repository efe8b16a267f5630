import { SaxesParser, type SaxesTagNS } from 'saxes';
import { UndecodableError } from '../../ports/renderer.js';
import { MAX_SVG_DEPTH, MAX_SVG_ELEMENTS, MAX_SVG_SOURCE_BYTES } from './limits.js';
import { cleanDeclarations, cleanStyleSheet, cleanValue } from './sanitize-css.js';
import {
  allowedAttributes,
  allowedElements,
  fragmentLink,
  pictureElements,
  rasterDataLink,
  SVG_NAMESPACE,
  unwrappedElements,
  XLINK_NAMESPACE,
  XML_NAMESPACE,
} from './svg-rules.js';

/** What became of an open element: written, only its children are, or nothing of it is. */
type Fate = 'kept' | 'unwrapped' | 'dropped';

/**
 * A copy of an SVG document that draws and does nothing else: no scripts, handlers, animation, foreign content, processing
 * instructions or references out of the document (threat model T15, T16). The output is written anew from the parsed
 * document, so nothing of the source survives by accident.
 *
 * @throws UndecodableError for text that is not well-formed, has a document type, is no SVG, or is over a cap.
 */
export function sanitizeSvg(source: string): string {
  if (source.length > MAX_SVG_SOURCE_BYTES) throw new UndecodableError('the SVG is too long');
  const parser = new SaxesParser({ xmlns: true });
  const output: string[] = [];
  const fates: Fate[] = [];
  let elements = 0;
  /** How many open elements are dropped: inside one nothing is written. */
  let droppedDepth = 0;
  let styleText: string | null = null;

  const writeText = (text: string) => {
    if (droppedDepth > 0 || fates.length === 0) return;
    if (styleText !== null) styleText += text;
    else output.push(escapeText(text));
  };

  parser.on('error', (cause) => {
    throw new UndecodableError('the SVG is not well-formed XML', { cause });
  });
  parser.on('doctype', () => {
    throw new UndecodableError('the SVG has a document type');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > MAX_SVG_ELEMENTS) throw new UndecodableError(`more than ${MAX_SVG_ELEMENTS} elements`);
    if (fates.length >= MAX_SVG_DEPTH) throw new UndecodableError(`deeper than ${MAX_SVG_DEPTH} elements`);
    const isRoot = fates.length === 0;
    if (isRoot && !(isSvg(tag) && tag.local === 'svg')) throw new UndecodableError('the root is not svg');
    const fate = droppedDepth > 0 || styleText !== null ? 'dropped' : fateOf(tag);
    fates.push(fate);
    if (fate === 'dropped') droppedDepth += 1;
    if (fate !== 'kept') return;
    output.push(`<${tag.local}${isRoot ? namespaces : ''}${attributesOf(tag)}>`);
    if (tag.local === 'style') styleText = '';
  });
  parser.on('closetag', (tag) => {
    const fate = fates.pop();
    if (fate === 'dropped') droppedDepth -= 1;
    if (fate !== 'kept') return;
    if (tag.local === 'style' && styleText !== null) {
      output.push(escapeText(cleanStyleSheet(styleText)));
      styleText = null;
    }
    output.push(`</${tag.local}>`);
  });
  parser.on('text', writeText);
  parser.on('cdata', writeText);
  parser.write(source).close();
  return output.join('');
}

const namespaces = ` xmlns="${SVG_NAMESPACE}" xmlns:xlink="${XLINK_NAMESPACE}"`;

/** Documents without any namespace are common; librsvg and we read them as SVG. */
function isSvg(tag: SaxesTagNS): boolean {
  return tag.uri === SVG_NAMESPACE || (tag.uri === '' && tag.prefix === '');
}

function fateOf(tag: SaxesTagNS): Fate {
  if (!isSvg(tag)) return 'dropped';
  if (allowedElements.has(tag.local)) return 'kept';
  return unwrappedElements.has(tag.local) ? 'unwrapped' : 'dropped';
}

function attributesOf(tag: SaxesTagNS): string {
  const kept = new Map<string, string>();
  for (const { uri, prefix, local, value } of Object.values(tag.attributes)) {
    if (local === 'href' && (uri === XLINK_NAMESPACE || prefix === '')) {
      if (isHarmlessLink(tag.local, value)) kept.set('xlink:href', value);
    } else if (uri === XML_NAMESPACE && local === 'space') {
      kept.set('xml:space', value === 'preserve' ? 'preserve' : 'default');
    } else if (prefix === '' && allowedAttributes.has(local)) {
      const clean = local === 'style' ? cleanDeclarations(value) : cleanValue(value);
      if (clean !== null) kept.set(local, clean);
    }
  }
  return [...kept].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
}

function isHarmlessLink(element: string, target: string): boolean {
  return fragmentLink.test(target) || (pictureElements.has(element) && rasterDataLink.test(target));
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escapeAttribute(value: string): string {
  return escapeText(value)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}
