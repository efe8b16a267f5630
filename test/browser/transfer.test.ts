import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { chromiumPath } from './support/chromium.js';
import { type PageFile, sayings } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

const mebibyte = 1024 * 1024;
const unsigned = "uploadPreset: 'open', resourceType: 'raw', maxChunkSize: 5242880";

function bytes(count: number, name = 'large.bin'): PageFile {
  const buffer = Buffer.alloc(count);
  for (let at = 0; at < count; at += 4096) buffer.writeUInt32LE(at, Math.min(at, count - 4));
  return { name, mimeType: 'application/octet-stream', buffer };
}

/** A link of so many bytes a second. */
async function throttle(page: Page, bytesPerSecond: number): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await setLink(session, bytesPerSecond);
  return session;
}

const setLink = (session: CDPSession, bytesPerSecond: number, offline = false) =>
  session.send('Network.emulateNetworkConditions', {
    offline,
    latency: 5,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });

describe.skipIf(chromiumPath === null)('on the way', () => {
  const { server, openPage } = useWidgetPages();
  const client = () => createClient(server);

  test('what screen readers are told on the way: quarters of a long upload, and a lost connection', async () => {
    const { open, choose, told, page, run } = await openPage();
    const link = await throttle(page, 2 * mebibyte);
    await open(unsigned);
    const said = await sayings(run);
    await choose(bytes(16 * mebibyte));
    await expect
      .poll(said, { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/^(25|50|75) percent uploaded$/));
    await setLink(link, mebibyte, true);
    await expect
      .poll(said, { timeout: 20_000 })
      .toContain('You are offline. The uploads go on when you are back.');
    await setLink(link, 30 * mebibyte);
    await told('queues-end');
    await expect.poll(said).toContain('All uploads are done');
    expect((await said())[0]).toBe('Uploading 1');
  });

  test('30 MB in chunks over a slow link that is cut in the middle: one file, whole', async () => {
    const { open, choose, told, page, events } = await openPage();
    const parts: string[] = [];
    page.on('request', (request) => {
      const range = request.headers()['content-range'];
      if (range !== undefined && request.method() === 'POST') parts.push(range);
    });
    const link = await throttle(page, 8 * mebibyte);
    await open(unsigned);
    const file = bytes(30 * mebibyte);
    await choose(file);
    await expect.poll(() => parts.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    await setLink(link, 8 * mebibyte, true);
    await page.getByText('Offline').first().waitFor();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await setLink(link, 30 * mebibyte);
    const info = await told<{ bytes: number; url: string }>('success');
    expect(info.bytes).toBe(file.buffer.length);
    const stored = await client().deliver(info.url);
    expect(stored.bytes.equals(file.buffer)).toBe(true);
    expect(new Set(parts).size).toBe(6);
    expect((await events()).filter(({ event }) => event === 'success')).toHaveLength(1);
  });

  test('pause keeps the finished chunks, resume goes on behind them', async () => {
    const { open, choose, told, page } = await openPage();
    const parts: string[] = [];
    page.on('request', (request) =>
      parts.push(...(request.headers()['content-range'] ?? '').split('\n').filter(Boolean)),
    );
    await throttle(page, 6 * mebibyte);
    await open(unsigned);
    await choose(bytes(12 * mebibyte));
    await expect.poll(() => parts.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    await page.getByRole('button', { name: 'Pause large.bin' }).click();
    await page.getByText('Paused').waitFor();
    const sent = parts.length;
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(parts).toHaveLength(sent);
    await page.getByRole('button', { name: 'Resume large.bin' }).click();
    await told('success');
    expect(parts.filter((range) => range.startsWith('bytes 0-'))).toHaveLength(1);
  });

  test('stop one, stop all, and try again', async () => {
    const { open, choose, told, page, eventNames } = await openPage();
    const link = await throttle(page, mebibyte / 2);
    await open("uploadPreset: 'open', resourceType: 'raw'");
    await choose(bytes(2 * mebibyte, 'one.bin'), bytes(2 * mebibyte, 'two.bin'));
    await page.getByRole('button', { name: 'Stop one.bin' }).click();
    expect(await told('abort')).toMatchObject({ ids: [expect.any(String)], all: false });
    await page.getByRole('button', { name: 'Stop all' }).click();
    expect(await told('abort', 2)).toMatchObject({ all: true });
    await told('queues-end');
    await setLink(link, 30 * mebibyte);
    await page.getByRole('button', { name: 'Retry one.bin' }).click();
    await told('success');
    await told('queues-end', 2);
    expect(await eventNames()).toEqual([
      ...['display-changed', 'upload-added', 'upload-added', 'queues-start', 'abort', 'abort', 'queues-end'],
      ...['retry', 'queues-start', 'success', 'queues-end'],
    ]);
  });

  test('closing asks while something is under way', async () => {
    const { open, choose, told, page } = await openPage();
    await throttle(page, mebibyte / 4);
    await open("uploadPreset: 'open', resourceType: 'raw'");
    await choose(bytes(2 * mebibyte));
    await told('queues-start');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keep uploading' }).click();
    await page.getByRole('button', { name: 'Stop and close' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: 'Stop and close' }).click();
    await told('close');
  });

  test('what closing would stop may end before the answer: then there is no question any more', async () => {
    const { open, choose, told, page } = await openPage();
    const link = await throttle(page, mebibyte / 4);
    await open("uploadPreset: 'open', resourceType: 'raw'");
    await choose(bytes(2 * mebibyte));
    await told('queues-start');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Stop and close' }).waitFor();
    await setLink(link, 30 * mebibyte);
    await told('queues-end');
    await page.getByRole('button', { name: 'Stop and close' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Done' }).click();
    await told('close');
  });

  test('an upload that a reload cut goes on behind its finished chunks', async () => {
    const { open, choose, told, page, run } = await openPage();
    const parts: string[] = [];
    page.on('request', (request) =>
      parts.push(...(request.headers()['content-range'] ?? '').split('\n').filter(Boolean)),
    );
    const link = await throttle(page, 6 * mebibyte);
    await open(`${unsigned}, resume: true`);
    await choose(bytes(16 * mebibyte));
    await expect.poll(() => parts.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
    await page.reload();
    await setLink(link, 30 * mebibyte);
    await open(`${unsigned}, resume: true`);
    await page.getByRole('button', { name: 'Resume large.bin' }).click();
    expect(await told('success')).toMatchObject({ bytes: 16 * mebibyte });
    expect(parts.filter((range) => range.startsWith('bytes 0-'))).toHaveLength(1);
    await expect
      .poll(() =>
        run(
          "new Promise((resolve) => { const r = indexedDB.open('counterseal-uploads'); r.onsuccess = () => { const all = r.result.transaction('unfinished').objectStore('unfinished').count(); all.onsuccess = () => { r.result.close(); resolve(all.result); }; }; })",
        ),
      )
      .toBe(0);
  });
});
