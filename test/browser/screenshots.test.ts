import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFullRun } from '../support/full-run.js';
import { quarters } from '../support/pictures.js';
import { chromiumPath } from './support/chromium.js';
import { pngFile, type WidgetPage } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

/** Artefacts to look at; the folder is not in git. */
const folder = fileURLToPath(new URL('../.tmp/screenshots', import.meta.url));

const narrow: BrowserContextOptions = { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 };
const dark: BrowserContextOptions = { colorScheme: 'dark' };

type Scene = (page: WidgetPage, pictures: { small: Buffer; photo: Buffer }) => Promise<void>;

const local: Scene = ({ open }) => open("uploadPreset: 'open'");
const queue: Scene = async ({ open, choose, told }, { small, photo }) => {
  await open("uploadPreset: 'open', maxFileSize: 1000000");
  await choose(
    pngFile(photo, 'mountain-lake-at-sunrise.png'),
    pngFile(small, 'a very long name that does not fit into one line of a small telephone.png'),
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') },
    { name: 'broken.webp', mimeType: 'image/webp', buffer: Buffer.from('') },
    { name: 'holiday.mov', mimeType: 'video/quicktime', buffer: Buffer.alloc(1_000_001) },
  );
  await told('queues-end');
};
const error: Scene = async ({ open }) => open('');
const crop: Scene = async ({ open, choose, page }, { photo }) => {
  await open(
    "uploadPreset: 'open', cropping: true, croppingAspectRatio: 1, croppingShowDimensions: true, croppingDefaultSelectionRatio: .8",
  );
  await choose(pngFile(photo));
  await page.getByRole('button', { name: 'Crop and upload' }).waitFor();
};
const url: Scene = async ({ open, page }) => {
  await open("uploadPreset: 'open', defaultSource: 'url', showAdvancedOptions: true");
  await page.getByLabel('Web address of a file').waitFor();
};
const camera: Scene = async ({ open, page }) => {
  await open("uploadPreset: 'open', defaultSource: 'camera'");
  await page.getByRole('button', { name: 'Capture' }).waitFor();
};
const rtl: Scene = ({ open }) => open("uploadPreset: 'open', language: 'ar'");

const scenes: readonly (readonly [string, Scene, BrowserContextOptions])[] = [
  ['light', local, {}],
  ['dark', local, dark],
  ['mobile', local, narrow],
  ['rtl', rtl, {}],
  ['rtl-mobile', rtl, narrow],
  ['queue', queue, {}],
  ['queue-dark', queue, dark],
  ['queue-mobile', queue, narrow],
  ['crop', crop, {}],
  ['crop-mobile', crop, narrow],
  ['url', url, {}],
  ['camera', camera, {}],
  ['error', error, {}],
];

describe.skipIf(chromiumPath === null)('screenshots', () => {
  const { openPage } = useWidgetPages();
  const pictures: { small: Buffer; photo: Buffer } = { small: Buffer.alloc(0), photo: Buffer.alloc(0) };

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    pictures.small = await quarters(80, 60);
    pictures.photo = await quarters(800, 600);
  });

  const take = async (name: string, scene: Scene, options: BrowserContextOptions) => {
    const made = await openPage({ reducedMotion: 'reduce', ...options });
    await scene(made, pictures);
    await made.page.screenshot({ path: `${folder}/${name}.png` });
    const overflow = await made.run<number>(
      `Math.max(...[...document.querySelector('counterseal-upload-widget').shadowRoot.querySelectorAll('.window, .view, .rows, .bar')]
        .map((element) => element.scrollWidth - element.clientWidth))`,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  };
  // Where there is least room, things overflow first.
  test.each(scenes.filter(([, , options]) => options === narrow))('%s', take);
  test.skipIf(!isFullRun).each(scenes.filter(([, , options]) => options !== narrow))('%s', take);
});
