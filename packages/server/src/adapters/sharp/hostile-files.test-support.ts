import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Hostile media, all made here (threat model, section 5). */

/** A 1-bit greyscale PNG of any size in a few kilobytes. */
export function pngBomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rowBytes = 1 + Math.ceil(width / 8);
  // Enough for a decoder to begin; the size alone must be refused.
  const pixels = deflateSync(Buffer.alloc(Math.min(rowBytes * height, 4_000_000)), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The same PNG with one byte of its pixels changed, so that a checksum is wrong. */
export async function pngWithWrongChecksum(): Promise<Buffer> {
  const png = await noise(64, 64).png().toBuffer();
  const at = png.indexOf('IDAT') + 40;
  png[at] = (png[at] ?? 0) ^ 0xff;
  return png;
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(4 + body.length + 4);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return chunk;
}

/** A lossless WebP whose header names 9000 x 9000 pixels (RFC 9649, section 3.4). */
export async function webpBomb(): Promise<Buffer> {
  const webp = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .webp({ lossless: true })
    .toBuffer();
  const at = webp.indexOf('VP8L') + 9;
  const bits = webp.readUInt32LE(at);
  const size = (9000 - 1) | ((9000 - 1) << 14);
  webp.writeUInt32LE(((bits & ~0x0fffffff) | size) >>> 0, at);
  return webp;
}

/** An AVIF whose spatial extents name 9000 x 9000 pixels (ISO 23008-12, 6.5.3). */
export async function avifBomb(): Promise<Buffer> {
  const avif = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .avif({ effort: 0 })
    .toBuffer();
  const at = avif.indexOf('ispe') + 8;
  avif.writeUInt32BE(9000, at);
  avif.writeUInt32BE(9000, at + 4);
  return avif;
}

/** An animation of `frames` frames in a few hundred kilobytes; the middle of each differs, or they would be merged. */
export async function animatedGif(frames: number, side: number): Promise<Buffer> {
  const strip = Buffer.alloc(side * side * frames * 3);
  for (let frame = 0; frame < frames; frame += 1) {
    strip.fill(frame % 2 === 0 ? 255 : 90, frame * side * side * 3, frame * side * side * 3 + 30);
  }
  return sharp(strip, {
    raw: { width: side, height: side * frames, channels: 3, pageHeight: side },
    limitInputPixels: false,
  })
    .gif({ effort: 1, delay: Array.from({ length: frames }, () => 100) })
    .toBuffer();
}

export function noise(width: number, height: number): Sharp {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'black',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
}

const SVG =
  'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20"';

/** SVGs that try to run or load something. None of these words may be in the clean copy. */
export const hostileSvgs: Readonly<Record<string, { readonly svg: string; readonly gone: RegExp }>> = {
  script: { svg: `<svg ${SVG}><script>alert(1)</script></svg>`, gone: /script|alert/ },
  onload: {
    svg: `<svg ${SVG} onload="alert(1)"><g OnClick="alert(1)"/></svg>`,
    gone: /onload|onclick|alert/i,
  },
  foreignObject: {
    svg: `<svg ${SVG}><foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="http://e/"/></body></foreignObject></svg>`,
    gone: /foreignObject|iframe|http:\/\/e/,
  },
  'javascript link': {
    svg: `<svg ${SVG}><a xlink:href="javascript:alert(1)"><rect width="9" height="9"/></a></svg>`,
    gone: /javascript|alert/,
  },
  'javascript link with an entity newline': {
    svg: `<svg ${SVG}><a href="java&#10;script:alert(1)"><rect width="9" height="9"/></a></svg>`,
    gone: /script|alert/,
  },
  'external use': {
    svg: `<svg ${SVG}><use xlink:href="http://e/x.svg#a"/><use href="x.svg#a"/></svg>`,
    gone: /\/e\/|x\.svg/,
  },
  'external image': {
    svg: `<svg ${SVG}><image href="http://e/x.png"/><image xlink:href="file:///etc/passwd"/></svg>`,
    gone: /\/e\/|file:/,
  },
  'external style': {
    svg: `<svg ${SVG}><style>@import url(http://e/a.css); rect{fill:url(http://e/#a)} @font-face{src:url(//e/f)}</style><rect style="fill:url('http://e/')"/></svg>`,
    gone: /\/e\/|import|font-face/,
  },
  'style with escapes': {
    svg: `<svg ${SVG}><style>rect{background:u\\72l(http://e/)}</style><rect style="fill:\\75rl(//e/)"/></svg>`,
    gone: /\/e\//,
  },
  'SVG in a data link': {
    svg: `<svg ${SVG}><image href="data:image/svg+xml;base64,PHN2Zy8+"/></svg>`,
    gone: /data:/,
  },
  'animated link': {
    svg: `<svg ${SVG}><a><animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onload" to="alert(1)"/></a></svg>`,
    gone: /animate|<set|alert/,
  },
  'script by another prefix': {
    svg: `<svg ${SVG} xmlns:s="http://www.w3.org/2000/svg"><s:script>alert(1)</s:script></svg>`,
    gone: /script|alert/,
  },
  'script of another language': {
    svg: `<svg ${SVG}><h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script></svg>`,
    gone: /script|alert/,
  },
  'style sheet instruction': {
    svg: `<?xml version="1.0"?><?xml-stylesheet href="http://e/a.css"?><svg ${SVG}/>`,
    gone: /stylesheet|\/e\//,
  },
  'handler element': {
    svg: `<svg ${SVG}><handler xmlns="http://www.w3.org/2001/xml-events" type="x">alert(1)</handler></svg>`,
    gone: /handler|alert/,
  },
  'presentation attribute': {
    svg: `<svg ${SVG}><rect fill="url(http://e/#a)" mask="url(//e/)"/></svg>`,
    gone: /\/e\//,
  },
  'text that looks like a tag': {
    svg: `<svg ${SVG}><text>&lt;script&gt;<![CDATA[<script>alert(1)</script>]]></text></svg>`,
    gone: /<script/,
  },
};

/** SVGs that are refused as a whole. */
export const refusedSvgs: Readonly<Record<string, string>> = {
  'billion laughs': `<!DOCTYPE svg [<!ENTITY a "ha">${'abcdefgh'
    .split('')
    .slice(1)
    .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefgh'[index]};`.repeat(10)}">`)
    .join('')}]><svg ${SVG}><text>&h;</text></svg>`,
  'external entity': `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg ${SVG}><text>&x;</text></svg>`,
  'unknown entity': `<svg ${SVG}><text>&x;</text></svg>`,
  'broken XML': `<svg ${SVG}><g></svg>`,
  'two roots': `<svg ${SVG}/><svg ${SVG}/>`,
  'another root': '<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>',
  nothing: '',
};

/** 10^8 rectangles by eight levels of `use`. */
export const nestedUse = `<svg ${SVG}><g id="l0"><rect width="9" height="9"/></g>${Array.from(
  { length: 8 },
  (_, level) => `<g id="l${level + 1}">${`<use href="#l${level}"/>`.repeat(10)}</g>`,
).join('')}</svg>`;
