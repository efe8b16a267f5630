import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { plain } from '../support/pictures.js';
import { tmpDir } from '../support/tmp-dir.js';
import { chromiumPath } from './support/chromium.js';
import { dragOver } from './support/drag.js';
import { useWidgetPages } from './support/widget-pages.js';

describe.skipIf(chromiumPath === null)('dragged from the desktop', () => {
  const { openPage } = useWidgetPages();
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(40, 30);
  });

  /** Files of a folder that goes with the test, by their paths below it. */
  async function folderOf(files: Readonly<Record<string, Buffer | string>>): Promise<string> {
    const { path, remove } = await tmpDir();
    onTestFinished(remove);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(path, name, '..'), { recursive: true });
      await writeFile(join(path, name), content);
    }
    return path;
  }

  test('a file: the place answers to the drag before there is a file to see', async () => {
    const folder = await folderOf({ 'lake.png': picture });
    const { open, page, told, run } = await openPage();
    await open("uploadPreset: 'open'");
    await run(`(() => {
      window.seen = [];
      const place = document.querySelector('counterseal-upload-widget').shadowRoot.querySelector('.drop');
      for (const name of ['dragover', 'drop'])
        place.addEventListener(name, ({ dataTransfer }) => seen.push([name, dataTransfer.files.length]));
    })()`);
    const place = page.locator('counterseal-upload-widget .drop');
    const drop = await dragOver(page, place, [join(folder, 'lake.png')]);
    await page.getByText('Drop them').waitFor();
    await drop();
    expect(await told('success')).toMatchObject({ original_filename: 'lake', width: 40 });
    expect(await run('[seen[0], seen.at(-1)]')).toEqual([
      ['dragover', 0],
      ['drop', 1],
    ]);
  });

  test('taken away again over something in the place, it is a place to drop things no longer', async () => {
    const folder = await folderOf({ 'lake.png': picture });
    const { open, page } = await openPage();
    await open("uploadPreset: 'open'");
    await dragOver(page, page.getByRole('button', { name: 'Choose files' }), [join(folder, 'lake.png')]);
    await page.getByText('Drop them').waitFor();
    // Fast enough to leave what is in the place and the place itself in one step.
    await dragOver(page, page.getByRole('heading', { name: 'Upload files' }), [join(folder, 'lake.png')]);
    await page.getByText('Drag files or folders here').waitFor();
  });

  test('what is dropped on the widget, the page does not take too', async () => {
    const folder = await folderOf({ 'lake.png': picture });
    const { open, page, told, run } = await openPage();
    await open("uploadPreset: 'open'");
    await run(`(() => {
      window.seen = [];
      for (const name of ['dragenter', 'dragover', 'drop'])
        document.addEventListener(name, ({ type }) => seen.push(type));
    })()`);
    const place = page.locator('counterseal-upload-widget .drop');
    await (await dragOver(page, place, [join(folder, 'lake.png')]))();
    await told('success');
    expect(await run('seen')).toEqual([]);
  });

  test('a folder: every file at any depth but the hidden ones, and the files beside it', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, at) => [`trip/many/${at}.txt`, `file ${at}`]),
    );
    const folder = await folderOf({
      ...many,
      'trip/top.txt': 'top',
      'trip/day one/deep/lake.png': picture,
      'trip/.DS_Store': 'hidden',
      'beside.txt': 'beside',
    });
    const { open, page, told, events } = await openPage();
    await open("uploadPreset: 'open', resourceType: 'auto'");
    const place = page.locator('counterseal-upload-widget .drop');
    const drop = await dragOver(page, place, [join(folder, 'trip'), join(folder, 'beside.txt')]);
    await drop();
    await told('queues-end');
    const names = (await events())
      .filter(({ event }) => event === 'upload-added')
      .map(({ info }) => (info as { file: { name: string } }).file.name);
    const expected = [...Array.from({ length: 120 }, (_, at) => `${at}.txt`), 'top.txt', 'lake.png'];
    expect(names.sort()).toEqual([...expected, 'beside.txt'].sort());
    expect((await events()).filter(({ event }) => event === 'success')).toHaveLength(names.length);
  });

  test('an empty folder is said to be empty', async () => {
    const folder = await folderOf({ 'empty/.keep': '' });
    const { open, page, eventNames } = await openPage();
    await open("uploadPreset: 'open'");
    const drop = await dragOver(page, page.locator('counterseal-upload-widget .drop'), [
      join(folder, 'empty'),
    ]);
    await drop();
    await page.getByText('There were no files in it.').waitFor();
    expect(await eventNames()).toEqual(['display-changed']);
  });
});
