import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { blockOf, readDoc, runShell } from '../support/doc-blocks.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { copyKitProject, type KitProject } from './support/kit-app.js';
import { pngFile } from './support/widget-page.js';

/* examples/sveltekit as its README says: built once, then run against one server by `.env`, against another by three variables. */

const readme = 'examples/sveltekit/README.md';
const otherAccount = { cloud: 'second-cloud', apiKey: 'second-key', apiSecret: 'second-secret-of-the-suite' };
const urlOf = ({ apiKey, apiSecret, cloud }: typeof testAccount) =>
  `cloudinary://${apiKey}:${apiSecret}@${cloud}`;

describe.skipIf(chromiumPath === null)('examples/sveltekit', () => {
  const firstServer = useServer();
  const otherServer = useServer({ env: { COUNTERSEAL_BOOTSTRAP: urlOf(otherAccount) } });
  const browser = useChromium();
  const urls: string[] = [];
  let project: KitProject;
  let picture: Buffer;

  const setUps = [
    { name: 'the default server', server: firstServer, account: testAccount, app: 0 },
    { name: 'another server and cloud', server: otherServer, account: otherAccount, app: 1 },
  ];

  beforeAll(async () => {
    picture = await plain(64, 48);
    for (const { data } of [firstServer, otherServer])
      expect(await runShell(blockOf(readme, 'preset'), { data })).toMatchObject({ code: 0 });
    const dotEnv = readDoc('examples/sveltekit/.env.example')
      .replace(/^CLOUDINARY_URL=.*$/m, `CLOUDINARY_URL=${urlOf(testAccount)}`)
      .replace(/^PUBLIC_CLOUDINARY_API_URL=.*$/m, `PUBLIC_CLOUDINARY_API_URL=${firstServer.url}`);
    project = await copyKitProject('examples/sveltekit', { dotEnv });
    const where = ['--port', '0', '--host', '127.0.0.1'];
    urls.push((await project.start(['npm', 'start', '--', ...where], {})).url);
    const elsewhere = {
      CLOUDINARY_URL: urlOf(otherAccount),
      PUBLIC_CLOUDINARY_CLOUD_NAME: otherAccount.cloud,
      PUBLIC_CLOUDINARY_API_URL: otherServer.url,
    };
    urls.push((await project.start(['npx', 'vite', 'preview', ...where], elsewhere)).url);
  }, 300_000);
  afterAll(() => project?.remove());

  async function open(app: number): Promise<Page> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
    });
    onTestFinished(() => expect(problems).toEqual([]));
    await page.goto(`${urls[app]}/`);
    await page.getByRole('button', { name: 'Upload, unsigned' }).and(page.locator(':enabled')).waitFor();
    return page;
  }

  async function logIn(page: Page, password: string): Promise<void> {
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  }

  async function upload(page: Page, button: string): Promise<void> {
    await page.getByRole('button', { name: button }).click();
    await page.locator('counterseal-upload-widget .window').waitFor();
    await page
      .locator('counterseal-upload-widget input[type=file]')
      .first()
      .setInputFiles([pngFile(picture)]);
  }

  /** The first picture of the page, when its pixels are there. */
  const shown = (page: Page) =>
    page.evaluate(
      "(({ href = '' } = {}, image) => image?.complete && image.naturalWidth > 0 ? href : '')(document.querySelector('li a') ?? {}, document.querySelector('li img'))",
    ) as Promise<string>;

  test.each(setUps)(
    '$name: unsigned, refused, logged in, signed, logged out',
    async ({ app, server, account }) => {
      const page = await open(app);
      await upload(page, 'Upload, unsigned');
      await expect
        .poll(() => shown(page), { timeout: 20_000 })
        .toMatch(new RegExp(`^${server.url}/${account.cloud}/image/upload/v\\d+/open/`));
      await page.reload();

      await upload(page, 'Upload, signed');
      const alert = page.getByRole('alert');
      await expect
        .poll(() => alert.allTextContents(), { timeout: 20_000 })
        .toContainEqual(expect.stringContaining('Nobody is signed in'));
      await page.reload();

      await logIn(page, 'wrong');
      await page.getByText('Name or password is wrong.').waitFor();
      await logIn(page, 'lovelace');
      await page.getByText('Logged in as ada').waitFor();
      await upload(page, 'Upload, signed');
      await expect
        .poll(() => shown(page), { timeout: 20_000 })
        .toMatch(new RegExp(`^${server.url}/${account.cloud}/image/upload/v\\d+/users/ada/`));
      await page.reload();

      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('button', { name: 'Log in' }).waitFor();
      expect(await page.context().cookies()).toEqual([]);
    },
  );

  test('only the own folder is signed for, and only with a seal of ours', async () => {
    const sign = (cookie: string, folder: string) =>
      fetch(`${urls[0]}/api/sign`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Cookie: `sveltekit_example=${cookie}` },
        body: JSON.stringify({
          paramsToSign: { folder, source: 'uw', timestamp: String(Math.floor(Date.now() / 1000)) },
        }),
      });
    const page = await open(0);
    await logIn(page, 'lovelace');
    await page.getByText('Logged in as ada').waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    const value = cookie?.value ?? '';
    expect((await sign(value, 'users/ada')).status).toBe(200);
    const other = await sign(value, 'users/grace');
    expect(other.status).toBe(403);
    expect(await other.text()).toContain("folder must be 'users/ada'");
    const forged = `${Buffer.from('grace').toString('base64url')}.${value.split('.').slice(1).join('.')}`;
    expect((await sign(forged, 'users/grace')).status).toBe(401);
  });

  test('the secret and the addresses are in no served file', async () => {
    const client = join(project.path, '.svelte-kit/output/client');
    const names = await readdir(client, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(10);
    const texts = await Promise.all(
      files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
    );
    const html = await (await fetch(`${urls[0]}/`)).text();
    expect(html).toContain(firstServer.url);
    for (const text of [...texts, html]) expect(text).not.toContain(testAccount.apiSecret);
    for (const text of texts) expect(text).not.toContain(firstServer.url);
  });
});
