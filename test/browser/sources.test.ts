import { beforeAll, describe, expect, test } from 'vitest';
import { plain } from '../support/pictures.js';
import { chromiumPath, useChromium, withoutCameraArgs } from './support/chromium.js';
import { send } from './support/host-site.js';
import { useWidgetPages } from './support/widget-pages.js';

describe.skipIf(chromiumPath === null)('sources', () => {
  const { site, openPage } = useWidgetPages({ server: { env: { COUNTERSEAL_FETCH_ALLOW: '127.0.0.1/32' } } });
  const strict = useChromium(withoutCameraArgs);

  beforeAll(async () => {
    const picture = await plain(40, 30);
    site.serve('/pictures/red.png', (_req, res) => send(res, 'image/png', picture));
  });

  test('an address, which the server fetches', async () => {
    const { open, told, page, eventNames } = await openPage();
    await open("uploadPreset: 'open'");
    await page.getByRole('tab', { name: 'Web address' }).click();
    await page.getByLabel('Web address of a file').fill('not an address');
    await page.getByRole('button', { name: 'Upload', exact: true }).last().click();
    await page.getByText('This is not a web address.').waitFor();
    await page.getByLabel('Web address of a file').fill(`${site.url}/pictures/red.png`);
    await page.keyboard.press('Enter');
    expect(await told('success')).toMatchObject({ width: 40, original_filename: 'red' });
    expect(await eventNames()).toContain('source-changed');
  });

  test('addresses given to open()', async () => {
    const { open, told, run } = await openPage();
    await open("uploadPreset: 'open'");
    await run(`widget.open(null, {files: ['${site.url}/pictures/red.png', '${site.url}/pictures/red.png']})`);
    await told('success', 2);
  });

  test('a picture of the camera', async () => {
    const { open, told, page } = await openPage({ permissions: ['camera'] });
    await open("uploadPreset: 'open', sources: ['camera', 'local']");
    await page.getByRole('tab', { name: 'Camera' }).click();
    await page.getByRole('button', { name: 'Capture' }).click();
    await page.getByRole('button', { name: 'Use picture' }).click();
    const info = await told<{ width: number; format: string }>('success');
    expect(info.format).toBe('jpg');
    expect(info.width).toBeGreaterThan(100);
  });

  test('files that are dropped, and files that are pasted', async () => {
    const { open, told, run } = await openPage();
    await open("uploadPreset: 'open'");
    await run(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['pasted'], 'pasted.txt', {type: 'text/plain'}));
      document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, composed: true, cancelable: true}));
    })()`);
    expect(await told('success')).toMatchObject({ original_filename: 'pasted', bytes: 6 });
    await run("widget.open('local')");
    await expect
      .poll(() =>
        run(`document.querySelector('counterseal-upload-widget').shadowRoot.querySelector('.drop') !== null`),
      )
      .toBe(true);
    await run(`(() => {
      const root = document.querySelector('counterseal-upload-widget').shadowRoot;
      const data = new DataTransfer();
      data.items.add(new File(['dropped!'], 'dropped.txt', {type: 'text/plain'}));
      for (const name of ['dragenter', 'dragover', 'drop'])
        root.querySelector('.drop').dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
    })()`);
    expect(await told('success', 2)).toMatchObject({ original_filename: 'dropped', bytes: 8 });
  });

  test('a search of the page: names are text, other addresses are left out', async () => {
    site.serve('/search', (req, res) => {
      const page = new URL(req.url ?? '', site.url).searchParams.get('page');
      const results = [
        {
          url: `${site.url}/pictures/red.png`,
          name: '<img src=x onerror=alert(1)>',
          thumbnail_url: `${site.url}/pictures/red.png`,
        },
        { url: 'javascript:alert(1)', name: 'hostile' },
      ];
      send(res, 'application/json', JSON.stringify(page === '2' ? { results: [] } : { results, next: 2 }));
    });
    const { open, told, page } = await openPage();
    await open(`uploadPreset: 'open', sources: ['local', 'unsplash', 'facebook', 'image_search'],
      sourcePlugins: [cloudinary.createSearchSource({id: 'image_search', endpoint: '/search?q={query}&page={page}'})]`);
    expect(await page.getByRole('tab').allTextContents()).toEqual(['My files', 'Image search']);
    await page.getByRole('tab', { name: 'Image search' }).click();
    await page.getByRole('searchbox').fill('red');
    await page.keyboard.press('Enter');
    const found = page.locator('counterseal-upload-widget .search li button');
    await found.waitFor();
    expect(await found.count()).toBe(1);
    expect(await found.locator('span').textContent()).toBe('<img src=x onerror=alert(1)>');
    await page.getByRole('button', { name: 'More' }).click();
    await found.first().click();
    await told('success');
  });

  test('a camera that is not allowed: said, with a way on', async () => {
    const { open, page, run } = await openPage({}, strict);
    await run(`(() => {
      const { getUserMedia } = navigator.mediaDevices;
      window.asked = 0;
      navigator.mediaDevices.getUserMedia = function (...given) { asked += 1; return getUserMedia.apply(this, given); };
    })()`);
    await open("uploadPreset: 'open', sources: ['camera', 'local']");
    await page.getByRole('tab', { name: 'Camera' }).click();
    await page.getByText('The camera cannot be used. Allow it for this page').waitFor();
    expect(await page.getByRole('button', { name: 'Capture' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => run('asked')).toBe(2);
    await page.getByRole('tab', { name: 'My files' }).click();
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
  });
});
