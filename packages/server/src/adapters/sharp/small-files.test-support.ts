/** Headers of formats sharp cannot write, made byte by byte. */

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

/** An icon whose pictures have these sides; 256 is written as 0. */
export function ico(sides: readonly number[]): Buffer {
  const head = Buffer.alloc(6 + sides.length * 16);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(sides.length, 4);
  for (const [index, side] of sides.entries()) {
    const at = 6 + index * 16;
    head[at] = side % 256;
    head[at + 1] = side % 256;
    head.writeUInt32LE(4, at + 8);
    head.writeUInt32LE(head.length + index * 4, at + 12);
  }
  return Buffer.concat([head, Buffer.alloc(sides.length * 4)]);
}

/** One second of 16-bit stereo silence at 48 kHz. */
export function wav(): Buffer {
  const samples = Buffer.alloc(48_000 * 4);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(48_000, 24);
  head.writeUInt32LE(48_000 * 4, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const u16 = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
const u32 = (...values: number[]) =>
  u16(...values.flatMap((value) => [(value >>> 16) & 0xffff, value & 0xffff]));
const box = (type: string, ...content: Uint8Array[]) => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
};
const fullBox = (type: string, ...content: Uint8Array[]) => box(type, u32(0), ...content);
const MATRICES = {
  0: u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000),
  90: u32(0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000),
} as const;

/** Two seconds of H.264 video, 640 x 352 at 25 frames a second, with empty frames (ISO 14496-12, 14496-15). */
export function mp4(rotation: 0 | 90 = 0): Buffer {
  const frames = 50;
  const timescale = 12_800;
  const duration = 2 * timescale;
  // Constrained Baseline, level 3.0: 40 x 22 macroblocks, frames only.
  const sequence = Buffer.from([
    0x67,
    0x42,
    0xc0,
    0x1e,
    ...bits('1 1 011 010 0 000000101000 000010110 1 1 0 0 1'),
  ]);
  const picture = Buffer.from([0x68, 0xce, 0x3c, 0x80]);
  const avcC = box(
    'avcC',
    Buffer.from([1, 0x42, 0xc0, 0x1e, 0xff, 0xe1]),
    u16(sequence.length),
    sequence,
    Buffer.from([1]),
    u16(picture.length),
    picture,
  );
  const avc1 = box(
    'avc1',
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(640, 352),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    avcC,
  );
  const ftyp = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isomiso2avc1mp41'));
  const movie = (dataOffset: number) =>
    box(
      'moov',
      fullBox(
        'mvhd',
        u32(0, 0, 1000, 2000, 0x10000),
        u16(0x100, 0),
        u32(0, 0),
        MATRICES[0],
        Buffer.alloc(24),
        u32(2),
      ),
      box(
        'trak',
        box(
          'tkhd',
          u32(3, 0, 0, 1, 0, 2000, 0, 0),
          u16(0, 0, 0, 0),
          MATRICES[rotation],
          u32(640 << 16, 352 << 16),
        ),
        box(
          'mdia',
          fullBox('mdhd', u32(0, 0, timescale, duration), u16(0x55c4, 0)),
          fullBox('hdlr', u32(0), Buffer.from('vide'), u32(0, 0, 0), Buffer.from('Video\0')),
          box(
            'minf',
            box('vmhd', u32(1), u16(0, 0, 0, 0)),
            box('dinf', fullBox('dref', u32(1), box('url ', u32(1)))),
            box(
              'stbl',
              fullBox('stsd', u32(1), avc1),
              fullBox('stts', u32(1, frames, duration / frames)),
              fullBox('stsc', u32(1, 1, frames, 1)),
              fullBox('stsz', u32(100, frames)),
              fullBox('stco', u32(1, dataOffset)),
            ),
          ),
        ),
      ),
    );
  const size = ftyp.length + movie(0).length;
  return Buffer.concat([ftyp, movie(size + 8), box('mdat', Buffer.alloc(frames * 100))]);
}

/** Whole bytes of a bit string, filled up with zeros. */
function bits(text: string): number[] {
  const digits = text.replaceAll(' ', '');
  return (digits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}
