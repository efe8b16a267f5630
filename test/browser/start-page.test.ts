import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { send } from '../support/http.js';
import { quarters } from '../support/pictures.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import { violations } from './support/axe.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { dragOver } from './support/drag.js';

const screenshots = fileURLToPath(new URL('../.tmp/screenshots', import.meta.url));
const sample = fileURLToPath(new URL('../../packages/server/assets/sample.jpg', import.meta.url));

const looks: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['mobile', { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 }],
];

describe.skipIf(chromiumPath === null)('the start page', () => {
  const server = useServer();
  const browser = useChromium();
  let cookie = { name: '', value: '' };
  let photo: Buffer;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    photo = await quarters(900, 600, { format: 'jpg' });
    const printed = /^Start page: (\S+)$/m.exec(server.log())?.[1] ?? '';
    const opened = await send(server.url, { path: printed.slice(server.url.length) });
    const [name = '', value = ''] = opened.headers['set-cookie']?.[0]?.split(';')[0]?.split('=') ?? [];
    cookie = { name, value };
  });

  /** The page with its tools. What the browser complains of is a failure at the end of the test. */
  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    onTestFinished(() => expect(complaints).toEqual([]));
    await page.context().addCookies([{ ...cookie, url: server.url }]);
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    return page;
  }

  async function photoFile(): Promise<string> {
    const { path, remove } = await tmpDir();
    onTestFinished(remove);
    await writeFile(join(path, 'lake at sunrise.jpg'), photo);
    return join(path, 'lake at sunrise.jpg');
  }

  const upload = (page: Page, path: string) =>
    page.locator('counterseal-upload-widget input[type=file]').setInputFiles(path);
  /** Natural widths of a result's pictures, once each is loaded or broken. */
  const widths = (page: Page) =>
    page
      .locator('.result')
      .first()
      .locator('img')
      .evaluateAll((images) =>
        Promise.all(
          images.map(async (image) => {
            await (image as HTMLImageElement).decode().catch(() => {});
            return (image as HTMLImageElement).naturalWidth;
          }),
        ),
      );

  test('a photo is dropped, goes up signed, comes back with its pair, and an address is copied', async () => {
    const page = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
    });
    const drop = await dragOver(page, page.locator('counterseal-upload-widget .drop'), [await photoFile()]);
    await drop();
    await page.getByRole('heading', { name: 'lake at sunrise.jpg' }).waitFor();
    expect(sent).toEqual(['/console/sign', '/v1_1/demo/image/upload']);
    expect(await widths(page)).toEqual([900, 400, 260]);
    expect(await page.locator('.result figcaption').allInnerTexts()).toEqual([
      expect.stringMatching(/^original\s+900 × 600 · .+ KB$/),
      expect.stringMatching(/^c_pad,h_300,w_400\s+400 × 300 · .+ KB$/),
      expect.stringMatching(/^c_crop,h_200,w_260\s+260 × 200 · .+ KB$/),
    ]);
    expect(await page.locator('#signed').innerText()).toMatch(
      /Signed for this upload alone\s+covers eager, source, timestamp: [0-9a-f]{12}…/,
    );
    await page.getByRole('button', { name: 'Copy address of c_pad,h_300,w_400' }).click();
    await expect.poll(() => page.locator('#said').textContent()).toBe('Copied: address of c_pad,h_300,w_400');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.getByLabel('Address of c_pad,h_300,w_400', { exact: true }).inputValue());
    const delivered = await send(server.url, { path: copied.slice(server.url.length) });
    expect([delivered.status, delivered.headers['content-type']]).toEqual([200, 'image/jpeg']);
  });

  test('a photo that misses the widget is taken all the same; the newest result stands first', async () => {
    const page = await openPage();
    await upload(page, sample);
    await page.getByRole('heading', { name: 'sample.jpg' }).waitFor();
    const drop = await dragOver(page, page.getByRole('heading', { name: 'Drop a photo.' }), [
      await photoFile(),
    ]);
    await expect.poll(() => page.locator('body').getAttribute('class')).toBe('is-dragging');
    await drop();
    await page.getByRole('heading', { name: 'lake at sunrise.jpg' }).waitFor();
    expect(await page.locator('.result h3').allTextContents()).toEqual(['lake at sunrise.jpg', 'sample.jpg']);
    expect(page.url()).toBe(`${server.url}/`);
  });

  test('by keyboard; copying works without a clipboard of the platform', async () => {
    const page = await openPage();
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    const copy = page.getByRole('button', { name: 'Copy curl line' });
    await copy.focus();
    await page.evaluate(() => {
      document.addEventListener('copy', () => {
        Object.assign(globalThis, { copied: String(getSelection()) });
      });
    });
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate('globalThis.copied'))
      .toMatch(/^curl -u KEY:SECRET .*\/demo\/image\/upload$/s);
    await expect.poll(() => page.locator('#said').textContent()).toBe('Copied: curl line');
  });

  test('a session that is over is said, not waited for', async () => {
    const page = await browser.newPage();
    await page.context().addCookies([{ ...cookie, url: server.url }]);
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    await page.context().clearCookies();
    await upload(page, sample);
    await page.getByText('This page was opened before the server started again').first().waitFor();
    expect(await page.locator('.result').count()).toBe(0);
  });

  test('explains a refused request below the rest', async () => {
    const page = await openPage();
    await page.getByLabel(/The refused request/).fill('no curl line');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('alert').filter({ hasText: 'this is no curl line' }).waitFor();
    expect(page.url()).toBe(`${server.url}/console#explain`);
  });

  test.each(looks)(
    '%s: no overflow, axe finds nothing, before and after an upload',
    async (look, options) => {
      const page = await openPage({ bypassCSP: true, reducedMotion: 'reduce', ...options });
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await page.screenshot({ path: `${screenshots}/start-page-${look}.png`, fullPage: true });
      expect([await violations(page, 'html'), await overflow()]).toEqual([[], 0]);
      await upload(page, sample);
      await page.getByRole('heading', { name: 'sample.jpg' }).waitFor();
      expect((await widths(page)).slice(1)).toEqual([400, 260]);
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: `${screenshots}/start-page-${look}-result.png`, fullPage: true });
      expect([await violations(page, 'html'), await overflow()]).toEqual([[], 0]);
    },
  );

  test('strangers get no script and no tools', async () => {
    const page = await browser.newPage({ bypassCSP: true });
    await page.goto(server.url);
    await page.screenshot({ path: `${screenshots}/start-page-stranger.png`, fullPage: true });
    expect(await page.locator('script, form').count()).toBe(0);
    expect(await violations(page, 'html')).toEqual([]);
  });
});
