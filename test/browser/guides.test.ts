import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toNodeHandler } from '@counterseal/signer/node';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.js';
import { blockOf, readDoc, runShell } from '../support/doc-blocks.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { send, useHostSite } from './support/host-site.js';
import { pngFile } from './support/widget-page.js';

/* The guides whose code runs in a browser: each page is taken from the guide and opened; only its host is replaced. */

const plainHtml = 'docs/guides/plain-html.md';
const moving = 'docs/guides/moving-from-cloudinary-widgets.md';

describe.skipIf(chromiumPath === null)('guides for pages', () => {
  const server = useServer();
  const site = useHostSite(server);
  const browser = useChromium();
  const patience = { timeout: 20_000 };

  beforeAll(async () => {
    const made = await runShell(blockOf(plainHtml, 'preset.sh'), { data: server.data });
    expect(made).toMatchObject({ code: 0, stdout: 'created web\n' });
    const { cloud, apiKey, apiSecret } = testAccount;
    const sign = createSigner({
      credentials: `cloudinary://${apiKey}:${apiSecret}@${cloud}?upload_prefix=${server.url}`,
      authorize: () => ({ id: 42 }),
      policy: ({ id }) => uploadPolicy({ force: { folder: `users/${id}` } }),
    });
    site.serve('/api/sign', toNodeHandler(sign) as (req: IncomingMessage, res: ServerResponse) => void);
  });

  const onOurServer = (text: string) => text.replaceAll('https://media.example.org', server.url);

  /** Opens a page of a guide; an exception in it fails the test. */
  async function open(html: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    site.serve('/guide', (_req, res) =>
      send(
        res,
        'text/html; charset=utf-8',
        `<!doctype html><html lang="en"><body>${html}</body></html>`,
        200,
        headers,
      ),
    );
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) problems.push(message.text());
    });
    onTestFinished(() => expect(problems).toEqual([]));
    await page.goto(`${site.url}/guide`);
    return page;
  }

  /** Chooses a picture of this width, and sends it when that takes a button. */
  async function upload(page: Page, how: 'widget' | 'form'): Promise<void> {
    const files = [pngFile(await plain(48, 32))];
    if (how === 'widget') await page.getByRole('button', { name: /^Upload/ }).click();
    await page.locator('input[type=file]').setInputFiles(files);
    if (how === 'form') await page.getByRole('button', { name: 'Upload' }).click();
  }

  async function shownPicture(page: Page): Promise<string> {
    const image = page.locator('#uploaded');
    await expect
      .poll(() => image.evaluate((each) => (each as HTMLImageElement).naturalWidth), patience)
      .toBe(48);
    return (await image.getAttribute('src')) ?? '';
  }

  describe('plain HTML', () => {
    test.each([
      ['widget-unsigned.html', 'widget', 'web'],
      ['widget-signed.html', 'widget', 'users/42'],
      ['form-unsigned.html', 'form', 'web'],
      ['form-signed.html', 'form', 'users/42'],
    ] as const)('%s uploads, and shows what was uploaded', async (name, how, folder) => {
      const page = await open(onOurServer(blockOf(plainHtml, name)));
      await upload(page, how);
      expect(await shownPicture(page)).toMatch(new RegExp(`/demo/image/upload/v\\d+/${folder}/\\w+\\.png$`));
    });

    test.each([
      ['widget-unsigned.html', 'widget'],
      ['form-unsigned.html', 'form'],
    ] as const)('%s runs under the policy of the guide with its script in a file', async (name, how) => {
      const policy = onOurServer(blockOf(plainHtml, 'policy')).replaceAll('\n', ' ');
      const html = onOurServer(blockOf(plainHtml, name));
      const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
      site.serve('/guide.js', (_req, res) => send(res, 'text/javascript', script));
      const page = await open(html.replace(`<script>${script}`, '<script src="/guide.js">'), {
        'Content-Security-Policy': policy,
      });
      await upload(page, how);
      await shownPicture(page);
    });
  });

  describe('moving from the original', () => {
    const page = readDoc(moving);
    const moves = [...page.matchAll(/^\| `(https:\S+)` \| `(https:\S+)` \|$/gm)];

    test.each(moves.map(([, before = '', after = '']) => [before, after]))(
      '%s becomes %s',
      async (before, after) => {
        const written = blockOf(moving, 'page.html');
        const old = written.replace(/https:\/\/upload-widget\.cloudinary\.com\S+?(?=")/, before);
        const opened = await open(onOurServer(old.replace(before, after)));
        const told: unknown[] = [];
        opened.on('console', (message) => told.push(message.text()));
        await upload(opened, 'widget');
        await expect.poll(() => told.join('\n'), patience).toContain('Done! Here is the image info:');
        const { resources } = (
          await createClient(server).admin('GET', 'resources/image/tags/from-page')
        ).json<{ resources: { public_id: string }[] }>();
        expect(resources[0]?.public_id).toMatch(/^web\//);
      },
    );

    test('says where three addresses of the original go', () => {
      expect(moves).toHaveLength(3);
    });

    /** Uploads with further options, signed: what is signed is exactly what is sent (test/browser/upload.test.ts). */
    async function uploadWith(options: object): Promise<{ sent: object[]; events: string }> {
      const opened = await open(`<script src="${server.url}/global/all.js"></script>`);
      const told: string[] = [];
      opened.on('console', (message) => told.push(message.text()));
      site.signed.length = 0;
      await opened.evaluate(`cloudinary.openUploadWidget(
        ${JSON.stringify({ cloudName: 'demo', signatureEndpoint: '/sign', ...options })},
        (error, { event }) => console.log(event, error ? error.statusText : ''))`);
      await opened.locator('input[type=file]').setInputFiles([pngFile(await plain(48, 32))]);
      await expect.poll(() => told.join('\n'), patience).toMatch(/success|error/);
      return { sent: [...site.signed], events: told.join('\n') };
    }
    const always = { source: 'uw', timestamp: expect.stringMatching(/^\d{10}$/) };

    test('the options that it calls ignored change nothing that is sent', async () => {
      const list = /<!-- options: ignored -->\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? '';
      const names = list
        .split('\n')
        .slice(2)
        .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
      expect(names).toContain('dropboxAppKey');
      expect(names.length).toBeGreaterThan(8);
      const given = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
      const { sent, events } = await uploadWith({ ...given, invented_option: 'invented' });
      expect(events).toContain('success');
      expect(sent).toEqual([always]);
    });

    test('a parameter that it calls refused is sent, and refused by name', async () => {
      const list = /<!-- generated: refused[\s\S]*?<!-- end/.exec(page)?.[0] ?? '';
      expect(list).toContain('`detection`');
      const { sent, events } = await uploadWith({ detection: 'adv_face' });
      expect(sent).toEqual([{ ...always, detection: 'adv_face' }]);
      expect(events).toMatch(/error.*detection/i);
    });

    test('sources without a plug-in show no tab', async () => {
      const ids = /Ids in `sources`[^(]*\(([^)]*)\)/.exec(page)?.[1] ?? '';
      const sources = ['local', 'url', ...[...ids.matchAll(/`(\w+)`/g)].map(([, id = '']) => id)];
      expect(sources.length).toBeGreaterThan(9);
      const opened = await open(`<script src="${server.url}/global/all.js"></script>`);
      await opened.evaluate(
        `cloudinary.openUploadWidget(${JSON.stringify({ cloudName: 'demo', uploadPreset: 'web', sources })}, () => {})`,
      );
      await opened.getByRole('button', { name: 'Choose files' }).waitFor();
      expect(await opened.getByRole('tab').allTextContents()).toEqual(['My files', 'Web address']);
    });
  });
});
