import type { BrowserContextOptions } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFullRun } from '../support/full-run.js';
import { plain } from '../support/pictures.js';
import { violations } from './support/axe.js';
import { chromiumPath } from './support/chromium.js';
import { fileChooserOf, pngFile, sayings, type WidgetPage } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

type View = (made: WidgetPage, picture: Buffer) => Promise<void>;

const views: Readonly<Record<string, View>> = {
  'local files': ({ open }) => open("uploadPreset: 'open', showAdvancedOptions: true"),
  'web address': async ({ open, page }) => {
    await open("uploadPreset: 'open', defaultSource: 'url'");
    await page.getByLabel('Web address of a file').waitFor();
  },
  camera: async ({ open, page }) => {
    await open("uploadPreset: 'open', defaultSource: 'camera'");
    await page.getByRole('button', { name: 'Capture' }).waitFor();
  },
  queue: async ({ open, choose, told }, picture) => {
    await open("uploadPreset: 'open'");
    await choose(pngFile(picture), { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) });
    await told('queues-end');
  },
  crop: async ({ open, choose, page }, picture) => {
    await open("uploadPreset: 'open', cropping: true");
    await choose(pngFile(picture));
    await page.getByRole('button', { name: 'Crop and upload' }).waitFor();
  },
  broken: ({ open }) => open(''),
  minimised: async ({ open, run, page }) => {
    await open("uploadPreset: 'open'");
    await run('widget.minimize()');
    await page.getByRole('button', { name: 'Expand' }).waitFor();
  },
};

/** The view that shows most: the only one that `npm test` holds against the rules in other looks than light. */
const fullestView = 'queue';

const looks: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['more contrast', { contrast: 'more' }],
  ['forced colours', { forcedColors: 'active' }],
];

describe.skipIf(chromiumPath === null)('for everyone', () => {
  const { openPage } = useWidgetPages();
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(400, 300);
  });

  const held = looks.flatMap(([look, options]) =>
    Object.keys(views).map((view) => [look, view, options] as const),
  );
  const isShort = ([look, view]: (typeof held)[number]) => look === 'light' || view === fullestView;
  const axeFindsNothing = async (_look: string, view: string, options: BrowserContextOptions) => {
    const made = await openPage({ bypassCSP: true, path: '/plain', reducedMotion: 'reduce', ...options });
    await views[view]?.(made, picture);
    expect(await violations(made.page)).toEqual([]);
  };
  test.each(held.filter(isShort))('%s, %s: axe finds nothing', axeFindsNothing);
  test.skipIf(!isFullRun).each(held.filter((one) => !isShort(one)))(
    '%s, %s: axe finds nothing',
    axeFindsNothing,
  );

  test('axe looks into the dialog: a planted mistake is found', async () => {
    const made = await openPage({ bypassCSP: true, path: '/plain' });
    await made.open("uploadPreset: 'open'");
    await made.run(`(() => {
      const text = document.createElement('button');
      text.style.cssText = 'color: #bbb; background: #ccc';
      text.textContent = 'pale';
      document.querySelector('counterseal-upload-widget').shadowRoot.querySelector('.view').append(text, document.createElement('img'));
    })()`);
    expect((await violations(made.page)).map((text) => text.split(':')[0])).toEqual(
      expect.arrayContaining(['color-contrast', 'image-alt']),
    );
  });

  test('from opener to answer and back by keyboard alone, said aloud', async () => {
    const { run, page, told } = await openPage();
    await run(
      `window.widget = cloudinary.applyUploadWidget('#opener', {cloudName: 'demo', uploadPreset: 'open', form: null, thumbnails: null}, told)`,
    );
    const said = await sayings(run);
    await page.locator('#opener').focus();
    await page.keyboard.press('Enter');
    const choose = page.getByRole('button', { name: 'Choose files' });
    await choose.waitFor();
    await expect.poll(() => choose.evaluate((element) => element.matches(':focus'))).toBe(true);
    const chooser = await fileChooserOf(page, () => page.keyboard.press('Enter'));
    await chooser.setFiles([pngFile(picture)]);
    await told('queues-end');
    const done = page.getByRole('button', { name: 'Done' });
    await done.waitFor();
    for (
      let step = 0;
      step < 8 && !(await done.evaluate((element) => element.matches(':focus')));
      step += 1
    ) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await told('close');
    expect(await run('document.activeElement.id')).toBe('opener');
    expect(
      (await said()).some((text) => text === 'photo.png is uploaded' || text === 'All uploads are done'),
    ).toBe(true);
  });

  test('tabs by arrow keys, in reading direction', async () => {
    const { open, page, run } = await openPage();
    await open("uploadPreset: 'open', language: 'he', sources: ['local', 'url']");
    await page.getByRole('tab').first().focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.getByRole('tab').nth(1).getAttribute('aria-selected')).toBe('true');
    expect(await run("document.querySelector('counterseal-upload-widget').shadowRoot.activeElement.id")).toBe(
      'tab-url',
    );
  });
});
