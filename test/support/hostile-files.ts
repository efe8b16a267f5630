import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Files made to hurt (threat model, section 5); all small, all generated. */

/** A 1-bit PNG whose header names any size. */
export function pngBomb(width: number, height: number, { interlaced = false } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  header[12] = interlaced ? 1 : 0;
  const rows = Math.min((1 + Math.ceil(width / 8)) * height, 4_000_000);
  return pngOf([
    ['IHDR', header],
    ['IDAT', deflateSync(Buffer.alloc(rows), { level: 9 })],
    ['IEND', Buffer.alloc(0)],
  ]);
}

/** A PNG with nothing between header and end. */
export function pngWithoutPixels(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(9, 0);
  header.writeUInt32BE(9, 4);
  header[8] = 1;
  return pngOf([
    ['IHDR', header],
    ['IEND', Buffer.alloc(0)],
  ]);
}

function pngOf(chunks: readonly (readonly [type: string, data: Buffer])[]): Buffer {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const written = chunks.map(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const chunk = Buffer.alloc(8 + body.length);
    chunk.writeUInt32BE(data.length, 0);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(body), 4 + body.length);
    return chunk;
  });
  return Buffer.concat([signature, ...written]);
}

/** A lossless WebP whose header names 9000 x 9000 pixels (RFC 9649, section 3.4). */
export async function webpBomb(): Promise<Buffer> {
  const webp = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .webp({ lossless: true })
    .toBuffer();
  const at = webp.indexOf('VP8L') + 9;
  const size = (9000 - 1) | ((9000 - 1) << 14);
  webp.writeUInt32LE(((webp.readUInt32LE(at) & ~0x0fffffff) | size) >>> 0, at);
  return webp;
}

const svg = (content: string, before = '') =>
  Buffer.from(
    `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20">${content}</svg>`,
  );

/** SVGs that try to run or load something; what must be gone from what is delivered. */
export const activeSvgs: Readonly<Record<string, readonly [file: Buffer, gone: RegExp]>> = {
  script: [svg('<script>alert(1)</script>'), /script|alert/i],
  handler: [svg('<g onload="alert(1)" ONCLICK="alert(1)"/>'), /onload|onclick|alert/i],
  'javascript link': [
    svg('<a xlink:href="javascript:alert(1)"><rect width="9" height="9"/></a>'),
    /javascript|alert/i,
  ],
  'javascript link with a line feed': [
    svg('<a href="java&#10;script:alert(1)"><rect/></a>'),
    /script|alert/i,
  ],
  foreignObject: [
    svg(
      '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="//evil"/></body></foreignObject>',
    ),
    /foreignObject|iframe|evil/i,
  ],
  'external use': [svg('<use xlink:href="http://evil/x.svg#a"/>'), /evil/],
  'external image': [
    svg('<image href="http://evil/x.png"/><image xlink:href="file:///etc/passwd"/>'),
    /evil|passwd/,
  ],
  'external style': [
    svg('<style>@import url(http://evil/a.css); rect{fill:url(http://evil/#a)}</style>'),
    /evil|import/,
  ],
  'data SVG': [svg('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'), /data:/],
  'animated link': [
    svg('<a><animate attributeName="href" values="javascript:alert(1)"/></a>'),
    /animate|alert/i,
  ],
  'script by another prefix': [
    svg('<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>'),
    /script|alert/i,
  ],
  'style sheet': [
    svg('', '<?xml version="1.0"?><?xml-stylesheet href="http://evil/a.css"?>'),
    /stylesheet|evil/,
  ],
};

const laughs = Array.from(
  { length: 8 },
  (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
).join('');

/** SVGs that are refused as a whole. */
export const refusedSvgs: Readonly<Record<string, Buffer>> = {
  'billion laughs': svg('<text>&l8;</text>', `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]>`),
  'external entity': svg('<text>&x;</text>', '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
  'broken XML': svg('<g>'),
  'nested use': svg(
    `<g id="l0"><rect width="9" height="9"/></g>${Array.from(
      { length: 11 },
      (_, level) => `<g id="l${level + 1}">${`<use href="#l${level}"/>`.repeat(10)}</g>`,
    ).join('')}<use href="#l11"/>`,
  ),
};

/** Files of two kinds at once: start as a picture, go on as something a browser might run. */
export const polyglots = {
  'JPEG and HTML': (jpeg: Buffer) =>
    Buffer.concat([jpeg, Buffer.from('<html><script>alert(1)</script></html>')]),
  'PNG and ZIP': (png: Buffer) => Buffer.concat([png, Buffer.from('PK\x05\x06'), Buffer.alloc(18)]),
  'GIF and JavaScript': () => Buffer.from('GIF89a/*\x00\x00\x00\x00*/=1;alert(1)//', 'latin1'),
} as const;
