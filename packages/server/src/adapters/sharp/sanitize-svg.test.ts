import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { UndecodableError } from '../../ports/renderer.js';
import { hostileSvgs, refusedSvgs } from './hostile-files.test-support.js';
import { MAX_SVG_DEPTH, MAX_SVG_ELEMENTS } from './limits.js';
import { sanitizeSvg } from './sanitize-svg.js';

const svg = (content: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${content}</svg>`;

describe('sanitizeSvg', () => {
  it.each(Object.entries(hostileSvgs))('makes harmless: %s', (_, { svg: source, gone }) => {
    const clean = sanitizeSvg(source);
    expect(clean).toMatch(/^<svg /);
    expect(clean).not.toMatch(gone);
    expect(sanitizeSvg(clean), 'a clean copy stays as it is').toBe(clean);
  });

  it.each(Object.entries(refusedSvgs))('refuses: %s', (_, source) => {
    expect(() => sanitizeSvg(source)).toThrow(UndecodableError);
  });

  it('keeps a drawing: view box, gradients, symbols, style sheets, embedded pictures, text', async () => {
    const pixel = (
      await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
    ).toString('base64');
    const source = `<?xml version="1.0" encoding="UTF-8"?><!-- a comment -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 40" width="40" height="40">
<style>.a{fill:url(#g);stroke:#fff}/* x */ rect > .b{opacity:.5}</style>
<defs><linearGradient id="g" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="red"/></linearGradient>
<symbol id="s"><path d="M0 0L9 9z" style="fill: url('#g'); stroke: blue"/></symbol></defs>
<use xlink:href="#s" x="3"/><image href="data:image/png;base64,${pixel}" width="3" height="3"/>
<text xml:space="preserve" font-family="A, 'B'">a &amp; b &lt; c ü</text></svg>`;
    const clean = sanitizeSvg(source);
    for (const kept of [
      'viewBox="0 0 40 40"',
      '<linearGradient id="g" gradientUnits="userSpaceOnUse">',
      'stop-color="red"',
      '<use xlink:href="#s" x="3">',
      `xlink:href="data:image/png;base64,${pixel}"`,
      '.a{fill:url(#g);stroke:#fff}',
      'rect &gt; .b{opacity:.5}',
      `style="fill:url('#g');stroke:blue"`,
      '>a &amp; b &lt; c ü</text>',
    ]) {
      expect(clean).toContain(kept);
    }
    const size = async (text: string) => sharp(Buffer.from(text)).raw().toBuffer();
    expect((await size(clean)).equals(await size(source)), 'the picture is the same').toBe(true);
  });

  it('draws the content of a link', () => {
    expect(sanitizeSvg(svg('<a href="http://e/"><rect width="1"/></a>'))).toContain('<rect width="1">');
  });

  it('drops what an editor adds', () => {
    const source = svg(
      '<i:pages xmlns:i="http://inkscape/"><rect/></i:pages><rect xmlns:i="http://i/" i:label="x" id="a"/>',
    );
    expect(sanitizeSvg(source)).toMatch(/><rect id="a"><\/rect><\/svg>$/);
  });

  it('counts elements', () => {
    expect(() => sanitizeSvg(svg('<g/>'.repeat(MAX_SVG_ELEMENTS - 1)))).not.toThrow();
    expect(() => sanitizeSvg(svg('<g/>'.repeat(MAX_SVG_ELEMENTS)))).toThrow(UndecodableError);
  });

  it('counts depth', () => {
    const nested = (depth: number) => svg('<g>'.repeat(depth - 1) + '</g>'.repeat(depth - 1));
    expect(() => sanitizeSvg(nested(MAX_SVG_DEPTH))).not.toThrow();
    expect(() => sanitizeSvg(nested(MAX_SVG_DEPTH + 1))).toThrow(UndecodableError);
  });
});
