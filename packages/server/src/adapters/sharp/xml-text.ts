import { UndecodableError } from '../../ports/renderer.js';

const marks: readonly { readonly bytes: readonly number[]; readonly label: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], label: 'utf-8' },
  { bytes: [0xff, 0xfe], label: 'utf-16le' },
  { bytes: [0xfe, 0xff], label: 'utf-16be' },
];
const declared = /^<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/;
/** Encodings an XML file may declare, as labels of the Encoding Standard. */
const declarable = new Set(['utf-8', 'us-ascii', 'iso-8859-1', 'windows-1252', 'iso-8859-15']);

/** The text of an XML file, by its byte order mark, else its declaration, else UTF-8 (XML 1.0, appendix F). */
export function decodeXml(bytes: Uint8Array): string {
  const mark = marks.find((candidate) => candidate.bytes.every((byte, index) => bytes[index] === byte));
  const label = mark?.label ?? declaredEncoding(bytes);
  if (mark === undefined && !declarable.has(label)) throw new UndecodableError(`XML in ${label}`);
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UndecodableError(`not ${label}`, { cause });
  }
}

function declaredEncoding(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  return declared.exec(start)?.[1]?.toLowerCase() ?? 'utf-8';
}
