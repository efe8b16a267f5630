import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page, Route } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { isFullRun } from '../support/full-run.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { send, useHostSite } from './support/host-site.js';
import { buildSveltePage, type SvelteVersion } from './support/svelte-build.js';
import { pngFile } from './support/widget-page.js';

/* The components of @counterseal/svelte as it is published, in pages written for each Svelte. */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Everything is tried with the slots in Svelte 5. What is the same code in Svelte 4 or with snippets waits for
 * `npm run test:full` there.
 */
const flavours: readonly (readonly [name: string, page: string, version: SvelteVersion])[] = [
  ['let: in Svelte 4', here('svelte/let-page.svelte'), 4],
  ['let: in Svelte 5', here('svelte/let-page.svelte'), 5],
  ['snippets in Svelte 5', here('svelte/snippet-page.svelte'), 5],
];

interface Told {
  readonly name: string;
  readonly label: string;
  readonly event?: string;
  readonly info?: Record<string, unknown>;
  readonly text?: string;
  readonly methods: readonly string[];
}

const methods = [
  ...['open', 'close', 'update', 'hide', 'show', 'minimize', 'destroy'],
  ...['isShowing', 'isMinimized', 'isDestroyed', 'addFiles', 'widget'],
];

describe.skipIf(chromiumPath === null)('Svelte components', () => {
  const server = useServer();
  const site = useHostSite(server);
  const browser = useChromium();
  let picture: Buffer;
  let image: string;

  beforeAll(async () => {
    picture = await plain(64, 48);
    const client = createClient(server);
    await client.admin('POST', 'upload_presets', { name: 'open', unsigned: true });
    image = 'folder/sample';
    await client.upload(`data:image/png;base64,${picture.toString('base64')}`, { public_id: image });
    await Promise.all(
      flavours.map(async ([, page, version], index) => {
        for (const [name, code] of await buildSveltePage(page, version))
          site.serve(`/${index}/${name}`, (_, res) => send(res, 'text/javascript', code));
        site.serve(`/${index}/`, (_, res) =>
          send(res, 'text/html; charset=utf-8', htmlOf(image), 200, csp()),
        );
      }),
    );
  });

  const csp = () => ({
    'Content-Security-Policy': `default-src 'none'; script-src 'self' 'unsafe-inline' ${server.url}; style-src 'self'; connect-src 'self' ${server.url}; img-src blob: ${server.url}`,
  });
  const htmlOf = (
    image: string,
  ) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
<script>setup = ${JSON.stringify({ apiUrl: server.url, cloud: testAccount.cloud, image })}; problems = [];
addEventListener('error', (event) => problems.push(String(event.message)));
addEventListener('securitypolicyviolation', (event) => problems.push(event.violatedDirective));
addEventListener('unhandledrejection', (event) => problems.push(String(event.reason)));</script>
</head><body><div id="app"></div><script type="module" src="page.js"></script></body></html>`;

  describe.each(flavours.map(([name], index) => ({ name, index })))('$name', ({ index }) => {
    const [, , version] = flavours[index] ?? [];
    const ownCode = test.skipIf(!isFullRun && version === 4);
    const sharedCode = test.skipIf(!isFullRun && index !== 1);

    async function openPage(prepare: (page: Page) => Promise<unknown> = async () => {}) {
      const page = await browser.newPage();
      await prepare(page);
      await page.goto(`${site.url}/${index}/`);
      await page.locator('#open:enabled').waitFor();
      const told = () => page.evaluate('told') as Promise<Told[]>;
      return {
        page,
        told,
        named: async (name: string) => (await told()).filter((each) => each.name === name),
        set: (changes: object) => page.evaluate(`page.set(${JSON.stringify(changes)})`),
        problems: () => page.evaluate('problems'),
        widgets: () => page.locator('counterseal-upload-widget').count(),
        window: page.locator('counterseal-upload-widget .window'),
        choose: () =>
          page.locator('counterseal-upload-widget input[type=file]').setInputFiles([pngFile(picture)]),
      };
    }

    test('a signed upload is told to the handler of this moment, with the widget; nothing is left when the component goes', async () => {
      const { page, told, named, set, problems, window, choose, widgets } = await openPage();
      expect(await page.locator('#state').textContent()).toBe('object function function function');
      await page.locator('#open').click();
      await window.waitFor();
      await set({ label: 'second' });
      await choose();
      await expect.poll(() => named('onQueuesEnd'), { timeout: 20_000 }).toHaveLength(1);
      const [opened, success, upload] = await told();
      expect(opened).toMatchObject({ name: 'onOpen', label: 'first' });
      expect(success).toMatchObject({ name: 'onSuccess', label: 'second', event: 'success' });
      expect(success?.info).toMatchObject({ width: 64, height: 48, resource_type: 'image' });
      expect([...(success?.methods ?? [])].sort()).toEqual([...methods].sort());
      expect(upload).toMatchObject({ name: 'onUpload', label: 'second' });
      expect(await page.evaluate('lastWidget.isShowing()')).toBe(true);
      expect(site.signed.at(-1)).toMatchObject({ source: 'uw' });
      await set({ isThere: false });
      await expect.poll(widgets).toBe(0);
      expect(await problems()).toEqual([]);
    });

    ownCode('onClose once for each close, and not for hiding', async () => {
      const { page, named, window } = await openPage();
      for (const times of [1, 2]) {
        await page.locator('#open').click();
        await window.waitFor();
        await page.evaluate("document.getElementById('hide').click()");
        await expect.poll(() => page.evaluate('lastWidget.isShowing()')).toBe(false);
        await page.locator('#open').click();
        await window.waitFor();
        await page.evaluate("document.getElementById('close').click()");
        await expect.poll(() => named('onClose')).toHaveLength(times);
      }
      expect((await named('onClose')).map(({ event }) => event)).toEqual(['close', 'close']);
    });

    ownCode('new options reach the widget that is there; another configuration makes another', async () => {
      const { page, set, widgets, window, named, choose } = await openPage();
      await page.locator('#open').click();
      await window.waitFor();
      await set({ options: { folder: 'changed', sources: ['local'] } });
      await choose();
      await expect.poll(() => named('onSuccess'), { timeout: 20_000 }).toHaveLength(1);
      expect((await named('onSuccess'))[0]?.info?.public_id).toMatch(/^changed\//);
      await page.evaluate('globalThis.before = lastWidget');
      const before = await widgets();
      await set({ config: { cloud: { cloudName: 'elsewhere' } } });
      await expect.poll(() => page.evaluate('before.isDestroyed()')).toBe(true);
      await window.waitFor();
      expect(await widgets()).toBe(before);
      await choose();
      await expect.poll(() => named('onError'), { timeout: 20_000 }).toHaveLength(1);
      expect((await named('onError'))[0]?.text).toMatch(/\w/);
    });

    sharedCode('a mistake in the configuration is told, and gone when it is corrected', async () => {
      const { page, set, named, window, widgets } = await openPage();
      const before = await widgets();
      await set({ options: { cloudName: '' } });
      await expect.poll(() => named('onError')).toHaveLength(1);
      await set({ label: 'second' });
      await page.locator('#open').click();
      await expect.poll(() => named('onError')).toHaveLength(2);
      expect(await widgets()).toBe(before - 1);
      await set({ options: {} });
      await page.locator('#open').click();
      await window.waitFor();
      expect(await named('onError')).toHaveLength(2);
    });

    ownCode('the button: its text, its attributes, and it opens', async () => {
      const { page, named, window } = await openPage();
      const button = page.getByRole('button', { name: 'Choose' });
      expect(await button.getAttribute('class')).toBe('wide');
      expect(await button.getAttribute('data-kind')).toBe('button');
      expect(await button.getAttribute('uploadpreset')).toBeNull();
      expect(await page.getByRole('button', { name: 'Upload', exact: true }).count()).toBe(1);
      await button.click();
      await window.waitFor();
      expect(await named('onOpen')).toMatchObject([{ label: 'button' }]);
    });

    sharedCode('a script in place of the module; one that cannot be loaded is told', async () => {
      const { page, set, window, named } = await openPage();
      await set({ scriptUrl: `${server.url}/none.js` });
      await expect
        .poll(async () => (await named('onError')).map(({ text }) => text))
        .toEqual([`The upload widget cannot be loaded from ${server.url}/none.js`]);
      // Of no use as it is, but pressing it tries again.
      await page.locator('#open:enabled').click();
      await expect.poll(() => named('onError')).toHaveLength(2);
      await set({ scriptUrl: `${server.url}/global/all.js` });
      await page.locator('#open:enabled').click();
      await window.waitFor();
      expect(await page.evaluate('cloudinary.counterseal')).toBe(true);
    });

    ownCode(
      'a button whose script failed says so, and loads it when it is pressed or there again',
      async () => {
        const { page, set, window, named } = await openPage();
        const scriptUrl = `${server.url}/global/all.js`;
        const refused = `The upload widget cannot be loaded from ${scriptUrl}`;
        const button = page.locator('button.wide');
        const waiting: Route[] = [];
        await page.route(scriptUrl, (route) => void waiting.push(route));
        const answer = async (how: 'abort' | 'continue') => {
          await expect.poll(() => waiting).toHaveLength(1);
          await waiting.pop()?.[how]();
        };
        await set({ buttonScriptUrl: scriptUrl });
        await page.locator('button.wide:disabled').waitFor();
        await answer('abort');
        await page.locator('button.wide:enabled').waitFor();
        const failures = async () => (await named('onError')).map(({ label, text }) => `${label}: ${text}`);
        await expect.poll(failures).toEqual([`button: ${refused}`]);
        expect(await button.getAttribute('title')).toBe(refused);
        expect(await button.getAttribute('data-load-error')).toBe(refused);
        // There again: it tries by itself, and fails once more.
        await set({ isThere: false });
        await button.waitFor({ state: 'detached' });
        await set({ isThere: true });
        await answer('abort');
        await expect.poll(failures).toHaveLength(2);
        await page.locator('button.wide[title]:enabled').focus();
        await page.keyboard.press('Enter');
        await page.locator('button.wide[aria-busy=true]').waitFor();
        expect(await page.evaluate('document.activeElement.className')).toBe('wide');
        await answer('continue');
        await window.waitFor();
        expect(await button.getAttribute('title')).toBeNull();
        expect(await button.getAttribute('aria-busy')).toBeNull();
        expect((await named('onOpen')).map(({ label }) => label)).toEqual(['button']);
        expect(await failures()).toHaveLength(2);
      },
    );

    sharedCode(
      'the image is delivered at a width for its place, asked for again while it is being made',
      async () => {
        const asked: string[] = [];
        const { page } = await openPage((opening) =>
          opening.route('**/image/upload/**', (route) => {
            asked.push(route.request().method());
            return asked.length < 3 ? route.fulfill({ status: 423 }) : route.continue();
          }),
        );
        const sample = page.locator('img.sample');
        await expect.poll(() => shownWidth(page)).toBe(64);
        expect(await sample.getAttribute('srcset')).toContain('c_fill,w_128,h_96,g_center');
        expect(await sample.getAttribute('alt')).toBe('The sample');
        expect(asked.slice(0, 4)).toEqual(['GET', 'HEAD', 'HEAD', 'GET']);
      },
    );
  });

  const shownWidth = (page: Page) =>
    page.evaluate(
      "(({ complete, naturalWidth }) => complete && naturalWidth)(document.querySelector('img.sample'))",
    );
});

describe('on a server', () => {
  test.each(flavours)('%s: shows buttons that wait', async (_, page, version) => {
    const folder = await tmpDir();
    const built = await buildSveltePage(page, version, 'server');
    for (const [name, code] of built) await writeFile(join(folder.path, name), code);
    await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
    const setup = { apiUrl: 'https://media.example', cloud: 'demo', image: 'cat' };
    Object.assign(globalThis, { setup });
    const { html } = (await import(pathToFileURL(join(folder.path, 'page.js')).href)) as { html: string };
    expect(html).toMatch(/<button[^>]*class="wide"[^>]*disabled[^>]*>(<!--.*?-->)*Choose/);
    expect(html).toContain('undefined undefined function function');
    expect(html).toContain('https://media.example/demo/image/upload/c_fill,w_64,h_48,g_center/');
    await folder.remove();
  });
});
