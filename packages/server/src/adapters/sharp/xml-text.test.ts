import { describe, expect, it } from 'vitest';
import { UndecodableError } from '../../ports/renderer.js';
import { sniffMarkup } from './sniff-markup.js';
import { decodeXml } from './xml-text.js';

describe('decodeXml', () => {
  const declared = (encoding: string) =>
    Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><a>\u00fc</a>`, 'latin1');
  it('reads UTF-8, both orders of UTF-16 by their mark, and what a declaration names', () => {
    expect(decodeXml(Buffer.from('<a>\u00fc</a>'))).toBe('<a>\u00fc</a>');
    expect(decodeXml(Buffer.from('\ufeff<a>\u00fc</a>', 'utf16le'))).toBe('<a>\u00fc</a>');
    expect(decodeXml(Buffer.from('\ufeff<a>\u00fc</a>', 'utf16le').swap16())).toBe('<a>\u00fc</a>');
    expect(decodeXml(declared('ISO-8859-1'))).toContain('\u00fc');
  });

  it('refuses bytes that are not what they claim, and encodings a script could hide in', () => {
    expect(() => decodeXml(Buffer.from([0x3c, 0xff, 0xfe]))).toThrow(UndecodableError);
    expect(() => decodeXml(declared('utf-7'))).toThrow(UndecodableError);
    expect(() => decodeXml(declared('iso-2022-jp'))).toThrow(UndecodableError);
  });
});

describe('sniffMarkup', () => {
  it.each([
    ['<svg/>', 'svg'],
    ['  \n<!-- x --><!DOCTYPE svg [<!ENTITY a ">">]>\n<s:svg/>', 'svg'],
    ['\ufeff<!DOCTYPE HTML><svg/>', 'html'],
    ['<BODY>', 'html'],
    ['<?xml version="1.0"?><feed/>', 'xml'],
    ['<feed/>', null],
    ['svg', null],
    ['', null],
  ])('%j is %s', (text, expected) => {
    expect(sniffMarkup(Buffer.from(text))).toBe(expected);
  });

  it('takes linear time on what never ends', () => {
    const startedAtMs = performance.now();
    for (const start of ['<!--', '<?', '<!DOCTYPE [', '<!DOCTYPE ', ' ', '<!---->']) {
      sniffMarkup(Buffer.from(start.repeat(65_536 / start.length)));
    }
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });
});
