import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { plain, quarters } from '../support/pictures.js';
import { chromiumPath } from './support/chromium.js';
import { pngFile } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

interface Success {
  readonly width: number;
  readonly height: number;
  readonly url: string;
  readonly public_id: string;
  readonly tags: readonly string[];
  readonly coordinates: { readonly custom: readonly (readonly number[])[] };
}

describe.skipIf(chromiumPath === null)('restrictions, crop and hooks', () => {
  const { server, openPage } = useWidgetPages();
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(400, 300);
  });

  test.each([
    ["clientAllowedFormats: ['jpg', 'video']", 'Only these kinds of file are allowed: jpg, video.'],
    ['maxFileSize: 10', 'is more than the allowed 10 B.'],
    ['maxImageFileSize: 10', 'is more than the allowed 10 B.'],
    ['minImageWidth: 401', 'less than the required 401'],
    ['maxImageHeight: 299, validateMaxWidthHeight: true', '× 299.'],
  ])('%s', async (members, message) => {
    const { open, choose, page, told, eventNames } = await openPage();
    await open(`uploadPreset: 'open', ${members}`);
    await choose(pngFile(picture));
    await page.getByText(message).first().waitFor();
    expect(await told('error')).toMatchObject({ kind: 'restriction', name: 'photo.png' });
    expect(await eventNames()).not.toContain('upload-added');
  });

  test('too large a photo is scaled down, upright', async () => {
    const { open, choose, told } = await openPage();
    const turned = await quarters(400, 200, { format: 'jpg', orientation: 6 });
    await open("uploadPreset: 'open', maxImageWidth: 100");
    await choose({ name: 'turned.jpg', mimeType: 'image/jpeg', buffer: turned });
    const info = await told<Success>('success');
    expect([info.width, info.height]).toEqual([100, 200]);
    const stored = await createClient(server).deliver(info.url);
    const { data, info: raw } = await sharp(stored.bytes).raw().toBuffer({ resolveWithObject: true });
    const topRight = [
      ...data.subarray((20 * raw.width + 80) * raw.channels, (20 * raw.width + 80) * raw.channels + 3),
    ];
    expect(topRight[0]).toBeGreaterThan(150);
    expect(Math.max(topRight[1] ?? 255, topRight[2] ?? 255)).toBeLessThan(90);
  });

  test('cropped by keyboard alone, in pixels of the upright photo', async () => {
    const { open, choose, told, page } = await openPage();
    const turned = await quarters(400, 200, { format: 'jpg', orientation: 6 });
    await open(
      "uploadPreset: 'open', cropping: true, croppingDefaultSelectionRatio: 0.5, singleUploadAutoClose: false",
    );
    await choose({ name: 'turned.jpg', mimeType: 'image/jpeg', buffer: turned });
    await page.getByRole('group', { name: /Cropped area/ }).waitFor();
    await expect.poll(() => page.getByLabel('Width', { exact: true }).inputValue()).toBe('100');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Alt+ArrowUp');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    const numbers = await Promise.all(
      ['Left', 'Top', 'Width', 'Height'].map(async (name) =>
        Number(await page.getByLabel(name, { exact: true }).inputValue()),
      ),
    );
    expect(numbers).toEqual([54, 99, 104, 204]);
    await page.getByRole('button', { name: 'Crop and upload' }).focus();
    await page.keyboard.press('Enter');
    const info = await told<Success>('success');
    expect(info.coordinates.custom).toEqual([numbers]);
    const cropped = await createClient(server).deliver(
      info.url.replace('/upload/', '/upload/c_crop,g_custom/'),
    );
    const { width, height } = await sharp(cropped.bytes).metadata();
    expect([width, height]).toEqual([104, 204]);
  });

  test('cropped by mouse, with a fixed shape; skipped; cancelled', async () => {
    const { open, choose, told, page, eventNames } = await openPage();
    await open("uploadPreset: 'open', cropping: true, croppingAspectRatio: 1, singleUploadAutoClose: false");
    await choose(pngFile(picture));
    const corner = page.getByRole('button', { name: 'Corner se' });
    await corner.waitFor();
    const box = await corner.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 14, (box?.y ?? 0) + 14);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) - 86, (box?.y ?? 0) - 86, { steps: 5 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Crop and upload' }).click();
    const info = await told<Success>('success');
    const [x, y, width = 0, height = 0] = info.coordinates.custom[0] ?? [];
    expect([x, y]).toEqual([50, 0]);
    expect(width).toBe(height);
    expect(width).toBeGreaterThan(150);
    expect(width).toBeLessThan(260);
    await page.getByRole('button', { name: 'Upload more' }).click();
    await choose(pngFile(picture, 'whole.png'));
    await page.getByRole('button', { name: 'Upload whole' }).click();
    expect((await told<Success>('success', 2)).coordinates).toBeUndefined();
    await page.getByRole('button', { name: 'Upload more' }).click();
    await choose(pngFile(picture, 'none.png'));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: /Choose a file/ }).waitFor();
    expect((await eventNames()).filter((name) => name === 'upload-added')).toHaveLength(2);
  });

  test('cropped by finger: a corner is dragged, then the area', async () => {
    const { open, choose, told, page } = await openPage({
      hasTouch: true,
      viewport: { width: 390, height: 780 },
    });
    await open("uploadPreset: 'open', cropping: true, singleUploadAutoClose: false");
    await choose(pngFile(picture));
    const corner = page.getByRole('button', { name: 'Corner se' });
    await corner.waitFor();
    const stage = await page.locator('counterseal-upload-widget .stage').boundingBox();
    const scale = 400 / (stage?.width ?? 1);
    const session = await page.context().newCDPSession(page);
    const drag = async (target: Locator, byX: number, byY: number) => {
      const box = await target.boundingBox();
      const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) =>
        session.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: type === 'touchEnd' ? [] : [{ x: x + byX * share, y: y + byY * share }],
        });
      await touch('touchStart', 0);
      for (const share of [0.3, 0.7, 1]) await touch('touchMove', share);
      await touch('touchEnd', 1);
    };
    await drag(corner, -100, -60);
    await drag(page.getByRole('group', { name: /Cropped area/ }), 40, 30);
    const size = [400 - 100 * scale, 300 - 60 * scale];
    await expect
      .poll(async () => Number(await page.getByLabel('Left', { exact: true }).inputValue()))
      .toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Crop and upload' }).click();
    const [x = 0, y = 0, width = 0, height = 0] =
      (await told<Success>('success')).coordinates.custom[0] ?? [];
    for (const [found, wanted] of [
      [x, 40 * scale],
      [y, 30 * scale],
      [width, size[0] ?? 0],
      [height, size[1] ?? 0],
    ] as const)
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(3);
  });

  test('preBatch may stop a batch; silence and exceptions end it too', async () => {
    const { open, choose, told, page, eventNames } = await openPage();
    await open(
      "uploadPreset: 'open', hookTimeoutMs: 300, preBatch: (callback, {files}) => files[0].name === 'no.png' ? callback({cancel: true}) : undefined",
    );
    await choose(pngFile(picture, 'no.png'));
    await page.getByText('The page did not accept these files.').waitFor();
    await choose(pngFile(picture, 'silence.png'));
    expect(await told('error')).toMatchObject({ kind: 'hook', message: 'preBatch did not answer in time' });
    expect(await eventNames()).not.toContain('upload-added');
  });

  test('prepareUploadParams changes what is sent, once per upload, and may sign', async () => {
    const { open, choose, told, run } = await openPage();
    await open(`tags: ['first'], prepareUploadParams: (callback, params) => {
      window.asked = (window.asked ?? 0) + 1;
      const all = [].concat(params);
      const timestamp = Math.floor(Date.now() / 1000);
      fetch('/sign', {method: 'POST', body: JSON.stringify({paramsToSign: {public_id: 'chosen', tags: 'first', source: 'uw', timestamp: String(timestamp)}})})
        .then((answer) => answer.json())
        .then(({signature, api_key}) => callback(all.map(() => ({public_id: 'chosen', signature, api_key, timestamp}))));
    }`);
    await choose(pngFile(picture));
    const info = await told<Success>('success');
    expect(info).toMatchObject({ public_id: 'chosen', tags: ['first'] });
    expect(await run('window.asked')).toBe(1);
  });

  test('the advanced panel: public id, tags, preset', async () => {
    const { open, choose, told, page } = await openPage();
    await open(
      "uploadPreset: 'none-such', showAdvancedOptions: true, getTags: (callback, prefix) => callback([prefix + 's']), getUploadPresets: (callback) => callback(['open'])",
    );
    await page.getByText('Advanced').click();
    await page.getByLabel('Public id').fill('from/panel');
    await page.getByLabel(/Tags/).fill('sun, lake');
    await page.getByLabel('Upload preset').selectOption('open');
    await choose(pngFile(picture));
    expect(await told<Success>('success')).toMatchObject({ public_id: 'from/panel', tags: ['sun', 'lake'] });
    expect(await told('tags')).toEqual({ tags: ['sun', 'lake'] });
    expect(await told('publicid')).toEqual({ id: 'from/panel' });
  });

  test('one file, closed by itself', async () => {
    const { open, choose, told, eventNames } = await openPage();
    await open("uploadPreset: 'open', multiple: false");
    await choose(pngFile(picture));
    await told('close');
    expect((await eventNames()).slice(-4)).toEqual(['success', 'queues-end', 'display-changed', 'close']);
  });

  test('encrypted before it leaves', async () => {
    const { open, choose, told } = await openPage();
    const key = Buffer.alloc(16, 7).toString('base64');
    await open(
      `uploadPreset: 'open', encryption: {key: '${key}', iv: '${Buffer.alloc(12, 9).toString('base64')}'}`,
    );
    await choose(pngFile(picture));
    const info = await told<Success & { resource_type: string; bytes: number }>('success');
    expect([info.resource_type, info.bytes]).toEqual(['raw', picture.length + 16]);
  });
});
