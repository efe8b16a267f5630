import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { blockOf, runShell } from '../support/doc-blocks.js';
import { plain } from '../support/pictures.js';
import { type Account, testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { copyExample, type ExampleCopy, type RunningExample } from './support/run-example.js';
import { pngFile } from './support/widget-page.js';

/* examples/react as its README says: built once, run against two servers, used in a browser. */
const elsewhere: Account = {
  cloud: 'second',
  apiKey: 'second-key',
  apiSecret: 'secret-of-the-second-server',
};
const urlOf = ({ apiKey, apiSecret, cloud }: Account) => `cloudinary://${apiKey}:${apiSecret}@${cloud}`;

describe.skipIf(chromiumPath === null)('examples/react', () => {
  const server = useServer();
  const second = useServer({ env: { COUNTERSEAL_BOOTSTRAP: urlOf(elsewhere) } });
  const browser = useChromium();
  const running: RunningExample[] = [];
  let copy: ExampleCopy;
  let picture: Buffer;

  const places = [
    ['the server of its README', 0, server, testAccount, 'open'],
    ['another server and cloud, by three variables', 1, second, elsewhere, 'other'],
  ] as const;

  beforeAll(async () => {
    picture = await plain(64, 48);
    const made = await runShell(blockOf('examples/react/README.md', 'preset'), { data: server.data });
    expect(made).toMatchObject({ code: 0 });
    await createClient(second, elsewhere).admin('POST', 'upload_presets', {
      ...{ name: 'other', unsigned: true, folder: 'other' },
    });
    copy = await copyExample('react');
    running.push(
      await copy.start(['npm', 'start'], {
        CLOUDINARY_URL: `${urlOf(testAccount)}?upload_prefix=${server.url}`,
      }),
      // The build is the same; so it is at run time that it is pointed elsewhere.
      await copy.start(['node', 'server.mjs'], {
        CLOUDINARY_URL: urlOf(elsewhere),
        API_URL: second.url,
        UPLOAD_PRESET: 'other',
      }),
    );
  });
  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await copy.remove();
  });

  async function open(at: number, { expectsErrors = false } = {}): Promise<Page & { problems: string[] }> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !expectsErrors) problems.push(message.text());
    });
    await page.goto(running[at]?.url ?? '');
    return Object.assign(page, { problems });
  }

  async function logIn(page: Page, password = 'lovelace'): Promise<void> {
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  }

  async function upload(page: Page, button: string): Promise<void> {
    await page.getByRole('button', { name: button }).click();
    await page.locator('counterseal-upload-widget input[type=file]').setInputFiles(pngFile(picture));
  }

  describe.each(places)('%s', (_, at, place, account, preset) => {
    test('signed for who is logged in, into the own folder', async () => {
      const page = await open(at);
      await page.getByText(`Cloud ${account.cloud} at ${place.url}`).waitFor();
      await logIn(page);
      await page.getByText('Logged in as ada').waitFor();
      await upload(page, 'Upload, signed');
      const link = page.getByRole('link', { name: /^users\/ada\// });
      expect(await link.getAttribute('href')).toMatch(
        new RegExp(`^${place.url}/${account.cloud}/image/upload/v\\d+/users/ada/\\w+\\.png$`),
      );
      const shown = page.locator('.uploads img');
      await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
      expect(page.problems).toEqual([]);
    });

    test('signed for nobody: refused, and the page says so', async () => {
      const page = await open(at, { expectsErrors: true });
      await upload(page, 'Upload, signed');
      await page.getByRole('alert').getByText('Nobody is signed in').first().waitFor();
      expect(await page.getByRole('link').count()).toBe(0);
    });

    test('unsigned, by the preset', async () => {
      const page = await open(at);
      await upload(page, 'Upload, unsigned');
      const link = page.getByRole('link', { name: new RegExp(`^${preset}/`) });
      expect(await link.getAttribute('href')).toContain(`${place.url}/${account.cloud}/`);
      expect(page.problems).toEqual([]);
    });
  });

  test('logged out again, nothing is signed; a wrong password logs nobody in', async () => {
    const page = await open(0, { expectsErrors: true });
    await logIn(page, 'byron');
    await page.getByText('Name or password is wrong').waitFor();
    await logIn(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Name').waitFor();
    await upload(page, 'Upload, signed');
    await page.getByText('Nobody is signed in').first().waitFor();
  });

  test('the policy refuses another folder, and nobody makes a session up', async () => {
    const url = running[0]?.url ?? '';
    const post = (path: string, body: unknown, cookie = '') =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Cookie: cookie },
        body: JSON.stringify(body),
      });
    expect((await post('/session', null)).status).toBe(400);
    const session = await post('/session', { name: 'ada', password: 'lovelace' });
    const set = session.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/; HttpOnly; SameSite=Lax$/);
    const cookie = set.split(';', 1)[0] ?? '';
    const params = { source: 'uw', timestamp: String(Math.floor(Date.now() / 1000)), folder: 'users/ada' };
    const sign = (folder: string, given: string) =>
      post('/api/sign', { paramsToSign: { ...params, folder } }, given);
    expect((await sign('users/ada', cookie)).status).toBe(200);
    const refused = await sign('users/eve', cookie);
    expect([refused.status, await refused.json()]).toMatchObject([403, { error: { parameter: 'folder' } }]);
    const eve = cookie.replace(/=[\w-]+/, `=${Buffer.from('eve').toString('base64url')}`);
    expect((await sign('users/eve', eve)).status).toBe(401);
    expect((await sign('users/ada', cookie.slice(0, -1))).status).toBe(401);
  });

  test('no secret in anything that is served', async () => {
    const { url = '', folder = '' } = running[0] ?? {};
    const dist = join(folder, 'dist');
    const names = readdirSync(dist, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(dist, name)).isFile());
    expect(names.length).toBeGreaterThan(3);
    for (const path of ['config.json', '', ...names]) {
      const answer = await fetch(`${url}/${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      const text = await answer.text();
      for (const secret of [testAccount.apiSecret, btoa(testAccount.apiSecret), 'cloudinary://'])
        expect(text.includes(secret), path).toBe(false);
    }
    for (const path of ['.env', 'server.mjs', 'package.json', '..%2fserver.mjs', 'assets/'])
      expect((await fetch(`${url}/${path}`)).status, path).toBe(404);
    expect(readFileSync(join(dist, 'index.html'), 'utf8')).not.toContain(server.url);
  });
});
