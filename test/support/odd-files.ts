/** Files that sharp cannot write, made byte by byte. */

/** One row of a 24-bit BMP; its header may name any size. */
export function bmp(width: number, height: number): Buffer {
  const file = Buffer.alloc(54 + 4);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

/** An icon with one picture of this side. */
export function ico(side: number): Buffer {
  const file = Buffer.alloc(22 + 4);
  file.writeUInt16LE(1, 2);
  file.writeUInt16LE(1, 4);
  file[6] = side;
  file[7] = side;
  file.writeUInt32LE(4, 14);
  file.writeUInt32LE(22, 18);
  return file;
}

/** One second of 16-bit mono silence at 8 kHz (RIFF WAVE). */
export function wav(): Buffer {
  const samples = Buffer.alloc(16_000);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** A HEIC container of one picture without its pixels: brands, handler, one item of the given size (ISO 23008-12). */
export function heic(width: number, height: number): Buffer {
  const ispe = fullBox('ispe', u32(width, height));
  const ipma = fullBox('ipma', u32(1), u16(1), Buffer.from([2, 0x81, 0x82]));
  const hvcC = box('hvcC', hevcConfiguration);
  const infe = box('infe', u32(0x0200_0000), u16(1, 0), Buffer.from('hvc1\0'));
  const iloc = fullBox('iloc', Buffer.from([0x44, 0]), u16(1, 1, 0, 1), u32(0, 0));
  const meta = fullBox(
    'meta',
    fullBox('hdlr', u32(0), Buffer.from('pict'), u32(0, 0, 0), Buffer.from([0])),
    fullBox('pitm', u16(1)),
    iloc,
    fullBox('iinf', u16(1), infe),
    box('iprp', box('ipco', hvcC, ispe), ipma),
  );
  return Buffer.concat([box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('mif1heic')), meta]);
}

/** Main profile, level 3, no parameter sets (ISO 14496-15, section 8.3.3). */
const hevcConfiguration = Buffer.from('010160000000b000000000005af000fcfdf8f800000f00', 'hex');

const u16 = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
const u32 = (...values: number[]) =>
  u16(...values.flatMap((value) => [(value >>> 16) & 0xffff, value & 0xffff]));

function box(type: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
}

function fullBox(type: string, ...content: Uint8Array[]): Buffer {
  return box(type, u32(0), ...content);
}
