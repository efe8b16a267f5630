import { beforeAll, describe, expect, test } from 'vitest';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { chromiumPath } from './support/chromium.js';
import { send } from './support/host-site.js';
import { pngFile } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

/* What pages that were written for the original rely on (widgets reference, section 1), as far as no other test says it. */
describe.skipIf(chromiumPath === null)('as the original', () => {
  const { server, site, openPage } = useWidgetPages({ preset: { return_delete_token: true } });
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(64, 48);
  });

  test('options in snake_case: looks, containing page, what happens by itself', async () => {
    const { page, run, open, choose, told, eventNames } = await openPage();
    await open(`upload_preset: 'open', public_id: 'snake', show_powered_by: false, multiple: false,
      auto_minimize: true, queue_view_position: 'left:7px', show_upload_more_button: false, show_completed_button: true,
      single_upload_auto_close: false, form: '#form', field_name: 'photo', thumbnails: '#place',
      thumbnail_transformation: [{width: 10, height: 10, crop: 'fill'}, {angle: 90}]`);
    expect(await page.getByText('Powered by').count()).toBe(0);
    await choose(pngFile(picture));
    expect(await told('success')).toMatchObject({ public_id: 'snake' });
    await told('queues-end');
    expect(await run('[widget.isMinimized(), widget.isShowing()]')).toEqual([true, false]);
    const bar = page.locator('counterseal-upload-widget .mini');
    expect(await bar.evaluate((element) => getComputedStyle(element).left)).toBe('7px');
    expect(await page.locator('#form input[type=hidden][name=photo]').count()).toBe(1);
    expect(await page.locator('#place img').getAttribute('src')).toContain('/upload/c_fill,h_10,w_10/a_90/v');
    await page.getByRole('button', { name: 'Expand' }).click();
    expect(await page.getByRole('button', { name: 'Upload more' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show completed' }).click();
    expect(await told('show-completed')).toMatchObject({
      items: [{ name: 'photo.png', status: 'uploaded', done: true, uploadInfo: { public_id: 'snake' } }],
    });
    expect(await eventNames()).not.toContain('close');
    await run('widget.destroy({removeThumbnails: true})');
    expect(await page.locator('#place img').count()).toBe(0);
    expect(await page.locator('#form input[type=hidden][name=photo]').count()).toBe(1);
  });

  test('what events carry', async () => {
    const { open, choose, told, run } = await openPage();
    await open("uploadPreset: 'open', publicId: 'item', minImageWidth: 10");
    await choose(pngFile(picture));
    const ended = await told<{ files: Record<string, unknown>[] }>('queues-end');
    const success = await told<Record<string, unknown>>('success');
    const size = { width: 64, height: 48 };
    expect(ended.files).toEqual([
      {
        ...{ id: success.id, batchId: success.batchId, name: 'photo.png', size: picture.length },
        ...{ type: 'image/png', status: 'uploaded', statusText: expect.any(String), progress: 100 },
        ...{ done: true, failed: false, aborted: false, paused: false, camera: false, partOfBatch: true },
        ...{ publicId: 'item', publicIdCounter: 0, dimensions: size, imageDimensions: size },
        ...{ coordinatesResize: false, file: {}, uploadInfo: success },
        preparedParams: expect.objectContaining({ publicId: 'item', uploadPreset: 'open', source: 'uw' }),
      },
    ]);
    expect(success).toMatchObject({
      ...{ delete_token: expect.any(String), path: expect.stringMatching(/^v\d+\/item\.png$/) },
      thumbnail_url: expect.stringContaining('/c_limit,h_60,w_90/'),
    });
    expect(await told('upload-added')).toEqual({
      file: { name: 'photo.png', size: picture.length, type: 'image/png', lastModified: expect.any(Number) },
      publicId: 'item',
    });
    expect(
      await run(
        'events.every(({event, info, data}) => data.event === event && data.info === info && data.widgetId.length > 0)',
      ),
    ).toBe(true);
  });

  test('a crop that cannot be skipped, sent as face coordinates', async () => {
    const { page, open, choose, told } = await openPage();
    site.signed.length = 0;
    await open(`signatureEndpoint: '/sign', cropping: 'server', croppingCoordinatesMode: 'face', show_skip_crop_button: false,
      croppingShowBackButton: false, croppingShowDimensions: true, croppingDefaultSelectionRatio: 0.5, singleUploadAutoClose: false,
      text: {en: {crop: {corner_tooltip: 'Grip'}}}`);
    await choose(pngFile(picture));
    await page.getByText('32 × 24 px').waitFor();
    for (const name of ['Upload whole', 'Cancel'])
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Grip/ }).count()).toBe(4);
    await page.getByRole('button', { name: 'Crop and upload' }).click();
    expect(await told('success')).toMatchObject({ coordinates: { faces: [[16, 12, 32, 24]] } });
    expect(site.signed).toMatchObject([{ face_coordinates: '16,12,32,24', source: 'uw' }]);
  });

  test('hidden and then closed, it is at its beginning; lost uploads are asked for in the words of the page', async () => {
    const { page, run, open, choose, told, eventNames } = await openPage();
    const rows = page.locator('counterseal-upload-widget .row');
    await open(
      "uploadPreset: 'open', text: {en: {notifications: {general_prompt: 'Really?'}, queue: {statuses: {uploaded: 'There'}}}}",
    );
    await choose(pngFile(picture));
    await told('queues-end');
    await rows.getByText('There', { exact: true }).waitFor();
    await run('widget.hide(); widget.close(); widget.close()');
    expect((await eventNames()).filter((name) => name === 'close')).toHaveLength(1);
    await page.route('**/v1_1/**', () => {});
    await run('widget.open()');
    await choose(pngFile(picture, 'second.png'));
    await rows.getByText('second.png').waitFor();
    expect(await rows.count()).toBe(1);
    await run('widget.hide(); widget.close()');
    await page.getByText('Really?').waitFor();
    expect(await run('widget.isShowing()')).toBe(true);
    await run('widget.hide(); widget.close({quiet: true})');
    expect(await told('abort')).toMatchObject({ all: true });
    expect((await eventNames()).filter((name) => name === 'close')).toHaveLength(2);
    await run('widget.open()');
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
  });

  test('open: on a source, though there is a queue; with nothing in place of options; out of the bar', async () => {
    const { page, run, open, choose, told, events } = await openPage();
    await open("uploadPreset: 'open'");
    await choose(pngFile(picture));
    await told('queues-end');
    await run("widget.open('url')");
    await page.getByLabel('Web address of a file').waitFor();
    await run("widget.open('no-such-source'); widget.open(null, null)");
    await page.getByLabel('Web address of a file').waitFor();
    for (const back of ['open', 'show']) {
      await run('widget.minimize()');
      await page.getByRole('button', { name: 'Expand' }).waitFor();
      await run(`widget.${back}()`);
      await page.getByLabel('Web address of a file').waitFor();
    }
    expect(
      (await events()).filter(({ event }) => event === 'display-changed').map(({ info }) => info),
    ).toEqual([...['shown', 'minimized', 'expanded', 'minimized', 'expanded']]);
    expect(
      (await events()).filter(({ event }) => event === 'source-changed').map(({ info }) => info),
    ).toEqual([{ source: 'url' }]);
  });

  test('one file after another that was stopped: closed by itself', async () => {
    const { page, open, choose, told, eventNames } = await openPage();
    await page.route('**/v1_1/**', () => {}, { times: 1 });
    await open("uploadPreset: 'open', multiple: false");
    const sent = page.waitForRequest('**/v1_1/**');
    await choose(pngFile(picture, 'first.png'));
    await sent;
    await page.getByRole('button', { name: 'Stop first.png' }).click();
    expect(await told('abort')).toEqual({ ids: [expect.any(String)], all: false });
    expect(await eventNames()).not.toContain('close');
    await page.getByRole('button', { name: 'Upload more' }).click();
    await choose(pngFile(picture, 'second.png'));
    await told('close');
    expect((await eventNames()).slice(-4)).toEqual(['success', 'queues-end', 'display-changed', 'close']);
  });

  test('update mends a widget that is open and not set up', async () => {
    const { page, run, choose, told } = await openPage();
    await run('window.widget = cloudinary.openUploadWidget({uploadPreset: "open"}, told)');
    await page.getByText('cloudName is missing').waitFor();
    await run(`widget.update({cloud_name: '${testAccount.cloud}', max_files: 1, field_name: 'never'})`);
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    await choose(pngFile(picture, 'a.png'), pngFile(picture, 'b.png'));
    expect(await told('batch-cancelled')).toEqual({ reason: 'MAX_EXCEEDED' });
    expect(await told('queues-end')).toMatchObject({ files: [{ name: 'a.png', status: 'uploaded' }] });
  });

  test('embedded and closed, the presets of the advanced panel are still there', async () => {
    const { page, run } = await openPage();
    await run(`window.widget = cloudinary.createUploadWidget({cloudName: 'demo', uploadPreset: 'open', inlineContainer: '#place',
      showAdvancedOptions: true, getTags: (callback) => callback(null), getUploadPresets: (callback) => callback(['one', 'two'])}, told)`);
    await page.getByText('Advanced').click();
    await page.getByLabel(/Tags/).fill('no such');
    await page.getByLabel('Upload preset').selectOption('two');
    await run('widget.close()');
    await expect.poll(() => page.getByLabel('Upload preset').inputValue()).toBe('');
    await page.getByLabel('Upload preset').selectOption('one');
  });

  test('made by a script in the head, before there is a body', async () => {
    site.serve('/early', (_, res) =>
      send(
        res,
        'text/html; charset=utf-8',
        `<!doctype html><html lang="en"><head><title>Early</title><script src="/page.js"></script>
<script src="${server.url}/global/all.js"></script>
<script>widget = cloudinary.createUploadWidget({cloudName: '${testAccount.cloud}', uploadPreset: 'open'}, told)</script>
</head><body><button onclick="widget.open()">Now</button></body></html>`,
      ),
    );
    const { page, choose, told } = await openPage({ path: '/early' });
    await page.getByRole('button', { name: 'Now' }).click();
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    await choose(pngFile(picture));
    expect(await told('success')).toMatchObject({ width: 64 });
  });
});
