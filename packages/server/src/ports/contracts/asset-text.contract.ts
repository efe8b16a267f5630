import { describe, expect, it } from 'vitest';
import { type AssetStoreFixture, address, listing, upload } from './asset-samples.contract.js';

/** The part of the AssetStore contract about text: every name is only a name. */
export function assetTextContract(fixture: () => AssetStoreFixture): void {
  describe('hostile text', () => {
    it.each([
      [`a'; drop table asset; --`],
      ['"quoted" \\ back `tick`'],
      ['100%_[x]*?'],
      ['emoji \u{1f600}\u{1f468}\u200d\u{1f469}'],
      ['e\u0301 \u00e9'],
      ['x'.repeat(255)],
      ['\u4e2d'.repeat(255)],
      ['../../etc/passwd'],
    ])('%j is only a name', async (text) => {
      const { assets } = fixture();
      await assets.putAsset(upload(text, { tags: [text], context: { [text]: text }, displayName: text }));
      const found = await assets.findAsset(address(text));
      expect(found).toMatchObject({ publicId: text, tags: [text], displayName: text });
      expect(found?.context[text]).toBe(text);
      expect((await assets.listAssets(listing({ tag: text }))).assets).toHaveLength(1);
      expect((await assets.listAssets(listing({ prefix: text }))).assets).toHaveLength(1);
      expect(await assets.deleteAsset(address(text))).not.toBeNull();
    });

    it.each([['a\0b'], ['a\ud800b']])('%j is refused, not cut', async (text) => {
      await expect(fixture().assets.putAsset(upload(text))).rejects.toThrow();
      expect((await fixture().assets.listAssets(listing())).assets).toEqual([]);
    });

    it('keeps context keys that name parts of objects as data', async () => {
      const { assets } = fixture();
      const context = JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}');
      await assets.putAsset(upload('cat', { context, extra: context }));
      const found = await assets.findAsset(address('cat'));
      expect(Object.entries(found?.context ?? {})).toEqual(Object.entries(context));
      expect(Object.entries(found?.extra ?? {})).toEqual(Object.entries(context));
      expect(({} as Record<string, unknown>).x).toBeUndefined();
      await assets.putAsset(upload('dog', { context: {} }));
      expect((await assets.findAsset(address('dog')))?.context.constructor).toBeUndefined();
    });
  });
}
