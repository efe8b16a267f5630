import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.js';
import { blockOf, runShell } from '../support/doc-blocks.js';
import { quarters } from '../support/pictures.js';
import { type RunningApp, startPlainApp } from '../support/plain-app.js';
import { testAccount } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { pngFile } from './support/widget-page.js';

/*
 * The examples that need no framework: started as their READMEs say, used as a visitor uses them, against one server by default and
 * against another server, cloud, key and port by what the READMEs say to change.
 */
/** Uploads on a busy machine. */
const patience = { timeout: 20_000 };

const otherAccount = { cloud: 'second-cloud', apiKey: 'second-key', apiSecret: 'second-secret-of-the-suite' };

const urlOf = ({ cloud, apiKey, apiSecret }: typeof testAccount, { url }: { url: string }) =>
  `cloudinary://${apiKey}:${apiSecret}@${cloud}?upload_prefix=${url}`;

describe.skipIf(chromiumPath === null)('the examples without a framework', () => {
  const firstServer = useServer();
  const otherServer = useServer({
    env: {
      COUNTERSEAL_BOOTSTRAP: `cloudinary://${otherAccount.apiKey}:${otherAccount.apiSecret}@${otherAccount.cloud}`,
    },
  });
  const browser = useChromium();
  const apps: RunningApp[] = [];
  let files: ReturnType<typeof pngFile>[];

  /** As the README says: variables of the environment for the first, `.env` for the other. */
  const setUps = {
    'the default server': { server: firstServer, account: testAccount, app: 0 },
    'another server': { server: otherServer, account: otherAccount, app: 1 },
  };
  const names = Object.keys(setUps) as (keyof typeof setUps)[];

  beforeAll(async () => {
    const preset = blockOf('examples/signed-uploads/README.md', 'preset');
    for (const { data } of [firstServer, otherServer]) {
      const made = await runShell(preset, { data });
      expect(made).toMatchObject({ code: 0, stdout: 'created signed_uploads_example\n' });
    }
    const example = await readFile(exampleFile('signed-uploads/.env.example'), 'utf8');
    const dotEnv = example.replace(
      /^CLOUDINARY_URL=.*$/m,
      `CLOUDINARY_URL=${urlOf(otherAccount, otherServer)}`,
    );
    const viaEnvironment = {
      CLOUDINARY_URL: urlOf(testAccount, firstServer),
      UPLOAD_PRESET: 'signed_uploads_example',
    };
    apps.push(
      ...(await Promise.all([startPlainApp({ env: viaEnvironment }), startPlainApp({ env: {}, dotEnv })])),
    );
    files = await Promise.all(
      ['one.png', 'two.png', 'three.png'].map(async (name, index) =>
        pngFile(await quarters(640 + index, 480), name),
      ),
    );
  });
  afterAll(() => Promise.all(apps.map(({ stop }) => stop())));

  /** A page under its own policy; a violation or an exception fails the test that made it. */
  async function open(app: number, path: string): Promise<Page> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML/i.test(message.text())) problems.push(message.text());
    });
    onTestFinished(() => expect(problems).toEqual([]));
    await page.goto(`${apps[app]?.url}${path}`);
    return page;
  }

  async function uploadByWidget(page: Page, button: string, chosen = files): Promise<void> {
    await page.getByRole('button', { name: button }).click();
    await page.locator('counterseal-upload-widget input[type=file]').setInputFiles([...chosen]);
  }

  async function uploadByForm(page: Page, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text);
    await page.getByLabel('Pictures').setInputFiles([...files]);
    await page.getByRole('button', { name: 'Upload' }).click();
  }

  /** Sizes of the pictures in the results, once all of them have loaded. */
  async function loadedPictures(page: Page, count: number): Promise<string[]> {
    const sizes = () =>
      page
        .locator('#results img')
        .evaluateAll((images) =>
          (images as HTMLImageElement[]).map((each) => `${each.naturalWidth}x${each.naturalHeight}`),
        );
    await expect
      .poll(async () => (await sizes()).filter((size) => size !== '0x0').length, patience)
      .toBe(count);
    return sizes();
  }

  const publicIds = (page: Page) => page.locator('#results li > a').allTextContents();

  describe.each(names)('against %s', (name) => {
    const { server, account, app } = setUps[name];

    test('the form uploads several files with a signature; both derivatives are there', async () => {
      const page = await open(app, '/uploadform.html');
      await uploadByForm(page, { Tags: 'a b, c' });
      const sizes = await loadedPictures(page, 6);
      expect(sizes).toEqual(['400x300', '260x200', '400x300', '260x200', '400x300', '260x200']);
      const ids = await publicIds(page);
      for (const id of ids) expect(id).toMatch(/^signed_upload_demo_form\/\w+$/);
      const stored = await createClient(server, account).admin('GET', `resources/image/upload/${ids[0]}`);
      expect(stored.json()).toMatchObject({ tags: ['a b', 'c'], format: 'png' });
    });

    test('the form uploads several files without a signature; folder and derivatives are the preset’s', async () => {
      const page = await open(app, '/uploadform.html');
      const signed: string[] = [];
      page.on('request', (request) => signed.push(request.url()));
      await page.getByLabel('Unsigned').check();
      await uploadByForm(page);
      expect(await loadedPictures(page, 6)).toContain('400x300');
      for (const id of await publicIds(page)) expect(id).toMatch(/^signed_upload_demo_form\/\w+$/);
      expect(signed.filter((url) => url.includes('/api/'))).toEqual([]);
    });

    test('the widget uploads several files, signed and unsigned', async () => {
      const page = await open(app, '/uploadwidget.html');
      await uploadByWidget(page, 'Upload signed');
      await loadedPictures(page, 3);
      for (const id of await publicIds(page)) expect(id).toMatch(/^signed_upload_demo_uw\/\w+$/);
      await page.getByRole('button', { name: 'Done' }).click();
      await uploadByWidget(page, 'Upload unsigned', files.slice(0, 1));
      expect((await loadedPictures(page, 5)).slice(0, 2)).toEqual(['400x300', '260x200']);
      const link = await page.locator('#results li > a').first().getAttribute('href');
      const delivered = await createClient(server, account).deliver(link ?? '');
      expect(delivered).toMatchObject({ status: 200, bytes: files[0]?.buffer });
    });
  });

  test('what the form’s policy does not allow is not signed, and the page says so by name', async () => {
    const page = await open(0, '/uploadform.html');
    const refusedAs = async (message: string) => {
      await expect.poll(() => page.locator('#note').textContent(), patience).toBe('Uploaded 0 of 3');
      const told = await page.locator('.problem').allTextContents();
      expect(told.sort()).toEqual(
        ['one.png', 'three.png', 'two.png'].map((file) => `${file}: Not signed: ${message}`),
      );
      expect(await publicIds(page)).toEqual([]);
      await page.reload();
    };
    await uploadByForm(page, { Folder: 'elsewhere' });
    await refusedAs("folder must be 'signed_upload_demo_form'");
    await uploadByForm(page, { Derivatives: 'w_5000' });
    await refusedAs('eager must be made of c_pad,h_300,w_400 | c_crop,h_200,w_260');
    await uploadByForm(page, { 'Public id': 'logo' });
    await refusedAs('public_id is not allowed by the policy');
    await page.context().clearCookies();
    await uploadByForm(page);
    await refusedAs('the app has forgotten this visit. Reload the page');
  });

  test('a public id chosen in the widget is not signed, and the page says so by name', async () => {
    const page = await open(0, '/uploadwidget.html');
    await page.getByRole('button', { name: 'Upload signed' }).click();
    await page.getByText('Advanced', { exact: true }).click();
    await page.getByLabel('Public ID').fill('logo');
    await page.locator('counterseal-upload-widget input[type=file]').setInputFiles(files.slice(0, 1));
    await expect
      .poll(() => page.locator('.problem').allTextContents(), patience)
      .toEqual(['one.png: Not signed: public_id is not allowed by the policy']);
  });

  test('the secret is in nothing that is served, and only what is meant to be served is', async () => {
    const page = await open(1, '/');
    const bodies: Promise<string>[] = [];
    page.on('response', (response) => bodies.push(response.text().catch(() => '')));
    for (const path of ['/', '/uploadwidget.html', '/uploadform.html']) {
      await page.goto(`${apps[1]?.url}${path}`, { waitUntil: 'load' });
    }
    await uploadByForm(page);
    await loadedPictures(page, 6);
    const seen = await Promise.all(bodies);
    expect(seen.length).toBeGreaterThan(15);
    expect(seen.join('\n')).toContain(otherAccount.apiKey);
    expect(seen.join('\n')).not.toContain(otherAccount.apiSecret);
    for (const path of [
      '/.env',
      '/app.js',
      '/settings.js',
      '/package.json',
      '/js/../../.env',
      '/%2e%2e/.env',
    ]) {
      const { status, text } = await createClient({ url: apps[1]?.url ?? '' }).raw({ method: 'GET', path });
      expect({ path, status, text }).toEqual({ path, status: 404, text: 'There is nothing here.' });
    }
  });

  test('who has opened no page is nobody, and another site’s page gets no signature', async () => {
    const ask = (headers: Readonly<Record<string, string>>) =>
      fetch(`${apps[0]?.url}/api/signuploadform`, { method: 'POST', body: '{}', headers });
    expect((await ask({})).status).toBe(401);
    const cookie = (await fetch(`${apps[0]?.url}/`)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const answer = await ask({ cookie });
    expect(await answer.json()).toMatchObject({
      url: `${firstServer.url}/v1_1/${testAccount.cloud}/image/upload`,
      fields: { folder: 'signed_upload_demo_form', api_key: testAccount.apiKey },
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await ask({ cookie, Origin: 'https://evil.example' })).status).toBe(403);
  });

  test('the widget may come from one server and upload to another', async () => {
    const app = await startPlainApp({
      env: {
        CLOUDINARY_URL: urlOf(testAccount, firstServer),
        WIDGET_SCRIPT: `${otherServer.url}/widgets/upload.js`,
      },
    });
    apps.push(app);
    const page = await open(apps.length - 1, '/uploadwidget.html');
    expect(await page.locator('#note').textContent()).toContain('UPLOAD_PRESET is not set');
    expect(await page.getByRole('button', { name: 'Upload unsigned' }).isDisabled()).toBe(true);
    await uploadByWidget(page, 'Upload signed', files.slice(0, 1));
    await loadedPictures(page, 1);
    expect(await page.locator('#results li > a').first().getAttribute('href')).toContain(firstServer.url);
  });

  test('without CLOUDINARY_URL it says what is missing, and ends', async () => {
    await expect(startPlainApp({ env: {} })).rejects.toThrow(
      /CLOUDINARY_URL.*\n.*copy \.env\.example to \.env/,
    );
  });

  describe('plain-script', () => {
    const defaultOrigin = 'http://127.0.0.1:8420';
    /** Answers with addresses of the default port, which the browser finds where the server really is. */
    const server = useServer({ env: { COUNTERSEAL_PUBLIC_URL: defaultOrigin } });
    const picture = quarters(200, 100);

    beforeAll(async () => {
      const preset = blockOf('examples/plain-script/README.md', 'preset');
      expect(await runShell(preset, { data: server.data })).toMatchObject({ code: 0 });
      const renamed = preset.replace('plain_script', 'second_preset');
      expect(await runShell(renamed, { data: otherServer.data })).toMatchObject({ code: 0 });
    });

    /** The file itself, opened as a file; what it asks of the default address goes to the server under test. */
    async function upload(path: string): Promise<{ id: string; link: string }> {
      const page = await browser.newPage();
      await page.route(`${defaultOrigin}/**`, (route, request) =>
        route.continue({ url: request.url().replace(defaultOrigin, server.url) }),
      );
      await page.goto(pathToFileURL(path).href);
      await page.getByRole('button', { name: 'Upload pictures' }).click();
      await page
        .locator('counterseal-upload-widget input[type=file]')
        .setInputFiles([pngFile(await picture, 'photo.png')]);
      const image = page.locator('#uploaded img');
      await expect
        .poll(
          () =>
            image.evaluateAll((images) => (images as HTMLImageElement[]).map((each) => each.naturalWidth)),
          patience,
        )
        .toEqual([90]);
      const link = page.locator('#uploaded a');
      return { id: (await link.textContent()) ?? '', link: (await link.getAttribute('href')) ?? '' };
    }

    test('works as it is with a server at the default address', async () => {
      const { id, link } = await upload(exampleFile('plain-script/index.html'));
      expect(id).toMatch(/^plain_script\/\w+$/);
      expect(link).toContain(`${defaultOrigin}/${testAccount.cloud}/image/upload/v`);
      expect(await createClient(server).deliver(link)).toMatchObject({ status: 200, bytes: await picture });
    });

    test('three attributes lead it to another server and cloud', async () => {
      const folder = await tmpDir();
      onTestFinished(folder.remove);
      const path = join(folder.path, 'index.html');
      const html = (await readFile(exampleFile('plain-script/index.html'), 'utf8'))
        .replace(`data-api-url="${defaultOrigin}"`, `data-api-url="${otherServer.url}"`)
        .replace('data-cloud-name="demo"', 'data-cloud-name="second-cloud"')
        .replace('data-upload-preset="plain_script"', 'data-upload-preset="second_preset"');
      await writeFile(path, html);
      const { link } = await upload(path);
      expect(link).toContain(`${otherServer.url}/second-cloud/image/upload/v`);
    });
  });
});

function exampleFile(path: string): string {
  return fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
}
