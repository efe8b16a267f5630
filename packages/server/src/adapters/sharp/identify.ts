import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { type FileKind, fileKinds } from './file-kinds.js';
import { readBmpSize, readIcoSize } from './small-headers.js';
import { sniffMarkup } from './sniff-markup.js';

export type Identity = Omit<FileKind, 'format'> & { readonly format: string | null };

/** How much of a file is looked at for text formats and small headers. */
export const SNIFF_BYTES = 65_536;

/**
 * What a file is, from its bytes alone (threat model T13). The sniffer knows magic numbers; SVG and HTML have none, and two
 * letters are not enough to call a text a BMP, so those are looked at here.
 */
export async function identify(path: string): Promise<Identity> {
  const start = await readStart(path, SNIFF_BYTES);
  const sniffed = (await fileTypeFromFile(path))?.ext;
  const extension =
    sniffed === undefined || sniffed === 'xml' ? (sniffMarkup(start) ?? sniffTiff(start)) : sniffed;
  if (extension === null || !confirm(extension, start))
    return { kind: 'raw', format: null, decodable: false };
  return fileKinds[extension] ?? { kind: 'raw', format: extension, decodable: false };
}

/** The sniffer wants a directory, which a TIFF that was cut off has lost with its end (TIFF 6.0, section 2). */
function sniffTiff(start: Buffer): 'tif' | null {
  const magic = start.toString('latin1', 0, 4);
  return magic === 'II*\0' || magic === 'MM\0*' ? 'tif' : null;
}

/** The first bytes of a file. */
export async function readStart(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Magic numbers of two to four common bytes need a sound header behind them. */
const confirmations: Readonly<Record<string, (start: Buffer) => unknown>> = {
  bmp: readBmpSize,
  ico: readIcoSize,
};

function confirm(extension: string, start: Buffer): boolean {
  const check = confirmations[extension];
  return check === undefined || check(start) !== null;
}
