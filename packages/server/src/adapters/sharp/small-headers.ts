import type { Size } from '@counterseal/protocol';

/** Sizes read from the headers of files whose decoder does not tell them. Null: not such a file. */

const BMP_CORE_HEADER_BYTES = 12;
/** Lengths of the DIB headers in use (OS/2 2.x, Windows 3, V2 to V5). */
const bmpInfoHeaderBytes = new Set([16, 40, 52, 56, 64, 108, 124]);
const ICO_ENTRY_BYTES = 16;
const ICO_HEADER_BYTES = 6;
/** Signature and logical screen. */
export const GIF_SCREEN_BYTES = 10;

/** BMP: BITMAPFILEHEADER, then BITMAPCOREHEADER (16-bit sizes) or BITMAPINFOHEADER (signed 32-bit, height < 0 = top down). */
export function readBmpSize(start: Buffer): Size | null {
  if (start.length < 26 || start.toString('latin1', 0, 2) !== 'BM') return null;
  const headerBytes = start.readUInt32LE(14);
  if (headerBytes === BMP_CORE_HEADER_BYTES) {
    return sizeOrNull(start.readUInt16LE(18), start.readUInt16LE(20));
  }
  if (!bmpInfoHeaderBytes.has(headerBytes)) return null;
  return sizeOrNull(start.readInt32LE(18), Math.abs(start.readInt32LE(22)));
}

/** ICO: the largest picture of its directory; a side of 0 means 256. */
export function readIcoSize(start: Buffer): (Size & { pages: number }) | null {
  if (start.length < ICO_HEADER_BYTES || start.readUInt32LE(0) !== 0x0001_0000) return null;
  const pages = start.readUInt16LE(4);
  const directoryEnd = ICO_HEADER_BYTES + pages * ICO_ENTRY_BYTES;
  if (pages === 0 || directoryEnd > start.length) return null;
  let largest: Size = { width: 0, height: 0 };
  for (let at = ICO_HEADER_BYTES; at < directoryEnd; at += ICO_ENTRY_BYTES) {
    const width = start[at] || 256;
    const height = start[at + 1] || 256;
    if (start[at + 3] !== 0 || start.readUInt32LE(at + 12) < directoryEnd) return null;
    if (width * height > largest.width * largest.height) largest = { width, height };
  }
  return { ...largest, pages };
}

/** GIF: the logical screen (GIF89a, section 18), which viewers make room for whatever the frames are. */
export function readGifScreen(start: Buffer): Size | null {
  if (start.length < GIF_SCREEN_BYTES || !/^GIF8[79]a/.test(start.toString('latin1', 0, 6))) return null;
  return sizeOrNull(start.readUInt16LE(6), start.readUInt16LE(8));
}

function sizeOrNull(width: number, height: number): Size | null {
  return width > 0 && height > 0 ? { width, height } : null;
}
