import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { chromiumPath } from './support/chromium.js';
import { pngFile, type WidgetPage } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

/* What happens while something else is still going on: a hook, a crop, a language, another batch. */
describe.skipIf(chromiumPath === null)('at the same time', () => {
  const { site, openPage } = useWidgetPages();
  const cloudName = `cloudName: '${testAccount.cloud}'`;
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(400, 300);
  });

  const file = (name: string) => `new File(['${name}'], '${name}', {type: 'text/plain'})`;
  /** How many uploads the browser keeps for another page. Opened before the widget has made it, it would stay empty. */
  const unfinished = `indexedDB.databases().then((all) => all.some(({name}) => name === 'counterseal-uploads') ? new Promise((resolve) => {
    const opening = indexedDB.open('counterseal-uploads');
    opening.onsuccess = () => {
      const count = opening.result.transaction('unfinished').objectStore('unfinished').count();
      count.onsuccess = () => { opening.result.close(); resolve(count.result); };
    };
  }) : 0)`;
  const named = (events: { readonly event: string }[], name: string) =>
    events.filter(({ event }) => event === name);

  /** `preBatch` writes down how to answer it. */
  const asking = 'preBatch: (callback) => (window.answers ??= []).push(callback)';
  const whenAsked = ({ run }: WidgetPage, times = 1) =>
    expect.poll(() => run('window.answers?.length')).toBe(times);

  test('closed while a hook thinks, what it answers uploads nothing; destroyed, it tells nothing', async () => {
    const made = await openPage();
    await made.open(`uploadPreset: 'open', ${asking}`);
    for (const end of ['widget.close()', 'widget.destroy()']) {
      await made.run('widget.open(); window.answers = []');
      await made.run(`void widget.addFiles([${file('late.txt')}])`);
      await whenAsked(made);
      await made.run(end);
      await made.run('answers[0]()');
    }
    // One round trip through the browser's task queue: what the answers set off has run.
    await made.run('new Promise((resolve) => setTimeout(resolve))');
    expect(await made.eventNames()).toEqual([
      ...['display-changed', 'display-changed', 'close', 'display-changed'],
    ]);
    expect(await made.run('errors')).toEqual([]);
  });

  test('destroyed, every method is quiet', async () => {
    const made = await openPage();
    await made.open("uploadPreset: 'open', maxFileSize: 1");
    const before = await made.eventNames();
    expect(
      await made.run(`(async () => {
        await widget.destroy();
        widget.show(); widget.update({language: 'de'}); widget.update({language: 'en'}); widget.hide(); widget.minimize();
        widget.open('url'); widget.close();
        await widget.addFiles([${file('late.txt')}]);
        return [widget.isShowing(), widget.isMinimized(), widget.isDestroyed()];
      })()`),
    ).toEqual([false, false, true]);
    expect(await made.eventNames()).toEqual(before);
  });

  test('two batches at once keep to the limit of both', async () => {
    const made = await openPage();
    await made.open(`uploadPreset: 'open', maxFiles: 2, ${asking}`);
    await made.run(
      `void widget.addFiles([${file('a.txt')}, ${file('b.txt')}]); void widget.addFiles([${file('c.txt')}])`,
    );
    await whenAsked(made);
    await made.run('answers.map((answer) => answer())');
    await made.told('queues-end');
    await made.told('batch-cancelled');
    expect(named(await made.events(), 'upload-added')).toHaveLength(2);
  });

  test('two pictures to crop are cropped one after the other', async () => {
    const made = await openPage();
    await made.open("uploadPreset: 'open', cropping: true, singleUploadAutoClose: false");
    await made.run(`(async () => {
      const canvas = document.createElement('canvas');
      const blob = await new Promise((resolve) => canvas.toBlob(resolve));
      for (const name of ['first.png', 'second.png']) void widget.addFiles([new File([blob], name, {type: 'image/png'})]);
    })()`);
    await made.page.getByRole('button', { name: 'Crop and upload' }).click();
    await made.told('success');
    await made.page.getByRole('button', { name: 'Crop and upload' }).click();
    await made.told('success', 2);
    expect(named(await made.events(), 'upload-added')).toMatchObject([
      { info: { file: { name: 'first.png' } } },
      { info: { file: { name: 'second.png' } } },
    ]);
  });

  test('asked whether to close in the middle of a crop, and not closed, the crop goes on', async () => {
    const made = await openPage();
    await made.open("uploadPreset: 'open', cropping: true, singleUploadAutoClose: false");
    await made.page.route('**/v1_1/**', () => {}, { times: 1 });
    await made.choose(pngFile(picture, 'first.png'));
    await made.page.getByRole('button', { name: 'Upload whole' }).click();
    await made.told('queues-start');
    await made.run("widget.open('local')");
    await made.choose(pngFile(picture, 'second.png'));
    await made.page.getByRole('group', { name: /Cropped area/ }).waitFor();
    await made.page.keyboard.press('Escape');
    await made.page.getByRole('button', { name: 'Keep uploading' }).click();
    await made.page.getByRole('button', { name: 'Upload whole' }).click();
    expect(await made.told('success')).toMatchObject({ original_filename: 'second' });
  });

  test('a picture is cropped when it is there, and not before', async () => {
    const made = await openPage();
    await made.open("uploadPreset: 'open', cropping: true, singleUploadAutoClose: false");
    await made.run(`(() => {
      const root = document.querySelector('counterseal-upload-widget').shadowRoot;
      new MutationObserver((_, observer) => {
        const button = [...root.querySelectorAll('.crop button')].at(-1);
        if (button === undefined) return;
        observer.disconnect();
        button.click();
        window.pressed = true;
      }).observe(root, {childList: true, subtree: true});
    })()`);
    await made.choose(pngFile(picture));
    await expect.poll(() => made.run('window.pressed')).toBe(true);
    await expect.poll(() => made.page.getByLabel('Width', { exact: true }).inputValue()).toBe('400');
    await made.page.getByRole('button', { name: 'Crop and upload' }).click();
    expect(await made.told('success')).toMatchObject({ coordinates: { custom: [[0, 0, 400, 300]] } });
  });

  test('a picture that the browser cannot show is uploaded whole, unless it must be cropped', async () => {
    const made = await openPage();
    const tiff = { name: 'scan.tif', mimeType: 'image/tiff', buffer: await sharp(picture).tiff().toBuffer() };
    await made.open("uploadPreset: 'open', cropping: true, singleUploadAutoClose: false");
    await made.choose(tiff);
    await made.page.getByText('This image cannot be shown.').waitFor();
    expect(await made.page.getByRole('button', { name: 'Crop and upload' }).isEnabled()).toBe(false);
    await made.page.getByRole('button', { name: 'Upload whole' }).click();
    expect(await made.told('success')).toMatchObject({ format: 'tiff', width: 400 });
    await made.run('widget.close(); widget.update({showSkipCropButton: false}); widget.open()');
    await made.choose(tiff);
    expect(await made.told('error')).toMatchObject({ kind: 'restriction', name: 'scan.tif' });
  });

  test('closed or hidden before its language is there, it stays closed; told another one, it opens in that', async () => {
    const made = await openPage();
    const openAnd = (language: string, next: string) =>
      made.run(
        `window.widget = cloudinary.createUploadWidget({${cloudName}, uploadPreset: 'open', language: '${language}'}, told);
        widget.open(); widget.${next}`,
      );
    const loaded = (tag: string) =>
      made.page.waitForResponse((answer) => answer.url().endsWith(`locale-${tag}.js`));
    for (const [tag, end] of [
      ['de', 'close'],
      ['fr', 'hide'],
    ] as const) {
      const locale = loaded(tag);
      await openAnd(tag, `${end}()`);
      await (await locale).finished();
      await made.run(`import('${(await locale).url()}').then(() => {})`);
      expect(await made.run('widget.isShowing()')).toBe(false);
    }
    expect(await made.eventNames()).toEqual([]);
    await openAnd('es', "update({language: 'it'})");
    await made.page.getByRole('button', { name: 'Scegli' }).waitFor();
  });

  test('unfinished uploads come back once, however often it is opened', async () => {
    const made = await openPage();
    const members = `${cloudName}, uploadPreset: 'open', resume: true`;
    await made.page.route('**/v1_1/**', () => {});
    await made.open("uploadPreset: 'open', resume: true");
    await made.choose(pngFile(picture, 'cut.png'));
    await made.told('upload-added');
    await expect.poll(() => made.run(unfinished)).toBe(1);
    await made.page.reload();
    await made.run(
      `window.widget = cloudinary.createUploadWidget({${members}}, told); widget.open(); widget.open()`,
    );
    await made.page.getByRole('button', { name: 'Resume cut.png' }).first().waitFor();
    expect(await made.page.getByRole('button', { name: 'Resume cut.png' }).count()).toBe(1);
  });

  test('an upload that another page is busy with is not offered here; one whose page is gone is', async () => {
    const { page } = await openPage();
    const context = page.context();
    await context.route('**/v1_1/**', () => {});
    const opened = async () => {
      const other = await context.newPage();
      await other.goto(site.url);
      await other.evaluate(
        `window.widget = cloudinary.createUploadWidget({${cloudName}, uploadPreset: 'open', resume: true}, told); widget.open()`,
      );
      return other;
    };
    const upload = async (other: Page, name: string, times: number) => {
      await other.evaluate(`widget.addFiles([${file(name)}])`);
      await expect.poll(() => other.evaluate(unfinished)).toBe(times);
    };
    await upload(await opened(), 'busy.txt', 1);
    const left = await opened();
    await upload(left, 'left.txt', 2);
    await left.close();
    const rows = (await opened()).locator('counterseal-upload-widget .row .name');
    await rows.first().waitFor();
    expect(await rows.allTextContents()).toEqual(['left.txt']);
  });

  test('where the page has replaced its body, it opens in the new one', async () => {
    const made = await openPage();
    await made.run(`window.widget = cloudinary.createUploadWidget({${cloudName}, uploadPreset: 'open'}, told);
      document.body = document.createElement('body'); widget.open()`);
    await made.page.getByRole('button', { name: 'Choose files' }).waitFor();
  });

  test('the mistake in an address is forgotten with the next one', async () => {
    const made = await openPage({ expectsErrors: true });
    await made.open("uploadPreset: 'open', sources: ['url']");
    await made.page.getByLabel('Web address of a file').fill('not an address');
    await made.page.keyboard.press('Enter');
    await made.page.getByText('This is not a web address.').waitFor();
    await made.page.getByLabel('Web address of a file').fill('http://127.0.0.1:9/refused.png');
    await made.page.keyboard.press('Enter');
    await made.told('upload-added');
    await made.page.getByText('This is not a web address.').waitFor({ state: 'detached' });
  });

  test('minimised, it is still heard', async () => {
    const made = await openPage();
    await made.open("uploadPreset: 'open', autoMinimize: true");
    await made.choose(pngFile(picture, 'heard.png'));
    await made.told('queues-end');
    await made.page.getByRole('status').getByText('All uploads are done').waitFor();
    await made.page.getByRole('button', { name: 'Expand' }).click();
    await made.page.getByRole('dialog').getByRole('status').waitFor();
  });

  test('a second Escape, which the browser does not let anyone refuse: the uploads go on, the page is free', async () => {
    const made = await openPage();
    await made.page.route('**/v1_1/**', () => {}, { times: 1 });
    await made.open("uploadPreset: 'open'");
    await made.choose(pngFile(picture));
    await made.told('queues-start');
    // Nothing in between: what Playwright asks the page counts as something that the visitor did.
    await made.page.keyboard.press('Escape');
    await made.page.keyboard.press('Escape');
    await expect.poll(() => made.run('document.documentElement.style.overflow')).toBe('');
    expect(await made.eventNames()).not.toContain('abort');
    expect(await made.run('widget.isMinimized()')).toBe(true);
    await made.page.getByRole('button', { name: 'Expand' }).click();
    await made.page.getByRole('button', { name: 'Keep uploading' }).waitFor();
    await made.run('widget.close({quiet: true})');
    await expect.poll(() => made.run('document.documentElement.style.overflow')).toBe('');
  });

  test('closed with one file done and another on its way: closed once', async () => {
    const made = await openPage();
    await made.page.route('**/v1_1/**', () => {}, { times: 1 });
    await made.open("uploadPreset: 'open', multiple: false");
    await made.choose(pngFile(picture, 'slow.png'));
    await made.told('queues-start');
    await made.run("widget.open('local')");
    await made.choose(pngFile(picture, 'quick.png'));
    await made.told('success');
    await made.run('widget.close({quiet: true})');
    expect((await made.eventNames()).slice(-4)).toEqual(['abort', 'queues-end', 'display-changed', 'close']);
  });
});
