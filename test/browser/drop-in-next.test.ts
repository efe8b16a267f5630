import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { runCommand } from '../support/commands.js';
import { isFullRun } from '../support/full-run.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { pngFile } from './support/widget-page.js';

/*
 * A Next application made from the documentation of next-cloudinary, its packages as the registry has them, and a page with our own
 * component: installed, built and started as an application is. `npm run test:full` runs it; it needs the registry and minutes.
 */
const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const minutesMs = 60_000;
const originalScripts = 'https://upload-widget.cloudinary.com';
const { cloud, apiKey, apiSecret } = testAccount;

/** What the server side alone knows: nothing of it is there when the application is built. */
const secrets = {
  CLOUDINARY_API_KEY: apiKey,
  CLOUDINARY_API_SECRET: apiSecret,
  CLOUDINARY_URL: `cloudinary://${apiKey}:${apiSecret}@${cloud}`,
};

describe.skipIf(!isFullRun || chromiumPath === null)('a Next application', () => {
  const server = useServer();
  const browser = useChromium();
  let folder: { readonly path: string; remove(): Promise<void> };
  let picture: Buffer;

  const environment = () => ({
    ...Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(CLOUDINARY|COUNTERSEAL|NODE_ENV|VITEST|npm)/.test(name),
      ),
    ),
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_PUBLIC_CLOUDINARY_CLOUD_NAME: cloud,
    NEXT_PUBLIC_CLOUDINARY_API_KEY: apiKey,
    NEXT_PUBLIC_COUNTERSEAL_API_URL: server.url,
  });
  async function npm(args: readonly string[], cwd = folder.path): Promise<string> {
    const { code, stdout, stderr } = await runCommand('npm', args, {
      ...{ cwd, env: environment(), timeoutMs: 8 * minutesMs },
    });
    expect(code, `npm ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  }

  beforeAll(async () => {
    picture = await plain(64, 48);
    const client = createClient(server);
    await client.admin('POST', 'upload_presets', {
      ...{ name: 'next-cloudinary-unsigned', unsigned: true, folder: 'unsigned' },
    });
    folder = await tmpDir();
    await cp(root('test/drop-in/next'), folder.path, {
      recursive: true,
      filter: (path) => !/\/(node_modules|[.]next)$/.test(path),
    });
    await npm(['ci', '--no-audit', '--no-fund']);
    const ours = ['protocol', 'widget', 'react', 'signer'].map((name) => root(`packages/${name}`));
    const packed = await npm(['pack', '--silent', '--pack-destination', folder.path, ...ours]);
    const files = packed
      .trim()
      .split('\n')
      .map((name) => `./${name}`);
    await npm(['install', '--no-save', '--no-audit', '--no-fund', ...files]);
  }, 10 * minutesMs);
  afterAll(() => folder?.remove());

  /** Builds what is in the folder, and serves it while the tests of a block run. */
  function useApplication(): () => string {
    let app: ChildProcess | null = null;
    let url = '';
    beforeAll(async () => {
      await npm(['run', 'build']);
      const args = ['node_modules/next/dist/bin/next', 'start', '--port', '0', '--hostname', '127.0.0.1'];
      app = spawn(process.execPath, args, {
        ...{ cwd: folder.path, env: { ...environment(), ...secrets }, stdio: ['ignore', 'pipe', 'inherit'] },
      });
      url = await addressOf(app);
    }, 10 * minutesMs);
    afterAll(async () => {
      if (app === null || app.exitCode !== null) return;
      const ended = once(app, 'close');
      app.kill('SIGTERM');
      await ended;
    });
    return () => url;
  }

  const choose = (page: Page) =>
    page.locator('counterseal-upload-widget input[type=file]').setInputFiles(pngFile(picture));
  const address = (page: Page) => page.getByText(/^URL: http/).textContent();

  describe('as next-cloudinary documents it', () => {
    const url = useApplication();

    /** The script's address is written into the package: what is asked there, our server answers. */
    async function open(): Promise<Page> {
      const page = await browser.newPage();
      await page.route(`${originalScripts}/**`, async (route) => {
        const answer = await fetch(server.url + new URL(route.request().url()).pathname);
        const body = Buffer.from(await answer.arrayBuffer());
        await route.fulfill({ status: answer.status, contentType: 'text/javascript', body });
      });
      await page.addInitScript(`globalThis.COUNTERSEAL_API_URL = '${server.url}'`);
      await page.goto(url());
      // Both components have made their widget.
      await expect.poll(() => page.locator('counterseal-upload-widget').count()).toBe(2);
      return page;
    }

    test('CldUploadWidget, signed by the route with the cloudinary package', async () => {
      const page = await open();
      await page.getByRole('button', { name: 'Upload an Image' }).click();
      const sent = page.waitForRequest(`${server.url}/v1_1/**`);
      await choose(page);
      expect(await address(page)).toMatch(new RegExp(`^URL: ${server.url}/${cloud}/image/upload/`));
      expect((await sent).postData()).toContain('name="signature"');
      // `onQueuesEnd` closes it.
      await expect.poll(() => page.getByRole('button', { name: 'Choose files' }).count()).toBe(0);
    });

    test('CldUploadButton, unsigned', async () => {
      const page = await open();
      await page.getByRole('button', { name: 'Upload', exact: true }).click();
      const sent = page.waitForRequest(`${server.url}/v1_1/**`);
      await choose(page);
      expect(await address(page)).toContain('/unsigned/');
      expect((await sent).postData()).not.toContain('name="signature"');
    });

    test('our component: signed for the session, told to a server action', async () => {
      const page = await browser.newPage();
      await page.context().addCookies([{ name: 'session', value: '42', url: url() }]);
      await page.goto(`${url()}/photos`);
      await page.getByRole('button', { name: 'Add a photo' }).click();
      await choose(page);
      await page.getByRole('button', { name: 'Done' }).click();
      const link = page.getByRole('link', { name: /^users\/42\// });
      expect(await link.getAttribute('href')).toContain(`${server.url}/${cloud}/image/upload/`);
    });

    test('our component, for nobody: refused', async () => {
      const page = await browser.newPage();
      await page.goto(`${url()}/photos`);
      await page.getByRole('button', { name: 'Add a photo' }).click();
      await choose(page);
      await page.getByRole('alert').getByText('Nobody is signed in').first().waitFor();
    });
  });

  describe('with the address of the script rewritten by the build', () => {
    beforeAll(() => cp(join(folder.path, 'rewrite'), folder.path, { recursive: true }));
    const url = useApplication();

    test('nothing is asked of the original, and uploads arrive', async () => {
      const page = await browser.newPage();
      const asked = new Set<string>();
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      await page.goto(url());
      await expect.poll(() => page.locator('counterseal-upload-widget').count()).toBe(2);
      await page.getByRole('button', { name: 'Upload', exact: true }).click();
      await choose(page);
      expect(await address(page)).toContain(`${server.url}/${cloud}/image/upload/`);
      expect([...asked].filter((origin) => origin !== 'null').sort()).toEqual([server.url, url()].sort());
    });
  });
});

function addressOf(app: ChildProcess): Promise<string> {
  let log = '';
  return new Promise((resolve, reject) => {
    app.stdout?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (port !== undefined && /Ready/.test(log)) resolve(`http://127.0.0.1:${port}`);
    });
    app.once('error', reject);
    app.once('close', () => reject(new Error(`the application ended:\n${log}`)));
  });
}
