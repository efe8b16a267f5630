import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { blocksOf, readDoc } from '../support/doc-blocks.js';
import { isFullRun } from '../support/full-run.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { copyKitProject, type KitProject } from './support/kit-app.js';
import { pngFile } from './support/widget-page.js';

/*
 * `svelte-cloudinary` and `cloudinary`, unmodified, in the project of their documentation; and the files of docs/guides/sveltekit.md,
 * with our component installed as npm does it: that one in `npm run test:full`, which has time for two more builds.
 */
const originalScript = 'https://upload-widget.cloudinary.com/global/all.js';
const placeholderOrigin = 'https://media.example.org';
const { apiKey, apiSecret, cloud } = testAccount;

/** Stands for the log-in of an application. */
const hooks = `export const handle = ({ event, resolve }) => {
  const name = event.cookies.get('session');
  event.locals.user = name ? { name } : null;
  return resolve(event);
};
`;

test("the package's README shows the page of the guide", () => {
  const page = 'src/routes/photos/+page.svelte';
  expect([...blocksOf(readDoc('packages/svelte/README.md'))]).toEqual([
    [page, blocksOf(readDoc('docs/guides/sveltekit.md')).get(page)],
  ]);
});

describe.skipIf(chromiumPath === null)('SvelteKit', () => {
  const server = useServer();
  const browser = useChromium();
  const projects: KitProject[] = [];
  const urls = { documentation: '', guide: '', development: '' };
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(64, 48);
    await createClient(server).admin('POST', 'upload_presets', {
      name: 'open',
      unsigned: true,
      folder: 'unsigned',
    });
    const where = ['--port', '0', '--host', '127.0.0.1'];
    const built = ['sh', '-c', `npx vite build && exec npx vite preview ${where.join(' ')}`] as const;
    const ofDocumentation = [
      `VITE_PUBLIC_CLOUDINARY_CLOUD_NAME=${cloud}`,
      `VITE_PUBLIC_CLOUDINARY_API_KEY=${apiKey}`,
      `CLOUDINARY_API_SECRET=${apiSecret}`,
    ].join('\n');
    const path = 'test/drop-in/sveltekit';
    const documentation = await copyKitProject(path, { dotEnv: ofDocumentation });
    projects.push(documentation);
    urls.documentation = (await documentation.start(built, {})).url;
    if (!isFullRun) return;
    const ofGuide = [...blocksOf(readDoc('docs/guides/sveltekit.md'))].map(
      ([name, text]) =>
        [
          name,
          text.replaceAll(placeholderOrigin, server.url).replace('KEY:SECRET', `${apiKey}:${apiSecret}`),
        ] as const,
    );
    const files = new Map([...ofGuide, ['src/hooks.server.js', hooks]]);
    const dotEnv = `${ofDocumentation}\n${files.get('.env')}`;
    const guide = await copyKitProject(path, { dotEnv, files, isInstalled: true });
    projects.push(guide);
    urls.guide = (await guide.start(built, {})).url;
    urls.development = (await guide.start(['npx', 'vite', 'dev', ...where], {})).url;
  }, 300_000);
  afterAll(() => Promise.all(projects.map(({ remove }) => remove())));

  async function upload(page: Page, button: string): Promise<void> {
    await page.getByRole('button', { name: button }).click();
    await page.locator('counterseal-upload-widget .window').waitFor();
    await page
      .locator('counterseal-upload-widget input[type=file]')
      .first()
      .setInputFiles([pngFile(picture)]);
  }

  /** The page, where nothing outside of this machine answers but the script's address. */
  async function open(url: string, isRouted = false): Promise<Page> {
    const page = await browser.newPage();
    await page.context().route(/^https:/, (route) => route.abort());
    if (isRouted) {
      const script = await (await fetch(`${server.url}/global/all.js`)).text();
      await page
        .context()
        .route(originalScript, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
      await page.addInitScript(`globalThis.COUNTERSEAL_API_URL = '${server.url}'`);
    }
    await page.context().addCookies([{ name: 'session', value: 'ada', url }]);
    return page;
  }

  const patience = { timeout: 20_000 };

  describe.each([
    { name: 'its script answered by ours', project: 'documentation', isRouted: true },
    { name: 'its script rewritten by the build of the guide', project: 'guide', isRouted: false },
  ] as const)('svelte-cloudinary, $name', ({ project, isRouted }) => {
    test.skipIf(!isFullRun && project === 'guide').each([
      { path: '/', button: 'Upload an Image', folder: 'signed' },
      { path: '/unsigned', button: 'Open Widget', folder: 'unsigned' },
      { path: '/unsigned', button: 'Upload', folder: 'unsigned' },
    ])('$path: $button', async ({ path, button, folder }) => {
      const page = await open(urls[project], isRouted);
      await page.goto(urls[project] + path);
      await page.waitForFunction('window.cloudinary?.createUploadWidget');
      await upload(page, button);
      const shown = page.locator('p').first();
      await expect
        .poll(() => shown.allTextContents(), patience)
        .toEqual([expect.stringMatching(`^${folder}/\\w+$`)]);
      const publicId = await shown.textContent();
      const stored = await createClient(server).deliver(`/${cloud}/image/upload/v1/${publicId}.png`);
      expect(stored.status).toBe(200);
    });
  });

  describe.skipIf(!isFullRun)('the guide', () => {
    test.each(['guide', 'development'] as const)(
      'signed, into the folder of who is logged in: %s',
      async (name) => {
        const page = await open(urls[name]);
        await page.goto(`${urls[name]}/photos`);
        await upload(page, 'Upload a photo');
        const source = page.locator('img').first();
        await expect
          .poll(
            () => source.evaluateAll((images) => images.map((image) => image.getAttribute('src'))),
            patience,
          )
          .toEqual([
            expect.stringMatching(
              `^${server.url}/${cloud}/image/upload/c_fill,w_400,h_300,g_center/c_limit,w_400/f_auto/q_auto/v\\d+/users/ada/`,
            ),
          ]);
      },
    );

    test('nobody is logged in: refused, and said', async () => {
      const page = await open(urls.guide);
      await page.context().clearCookies();
      await page.goto(`${urls.guide}/photos`);
      await upload(page, 'Upload a photo');
      await expect
        .poll(() => page.getByRole('alert').allTextContents(), patience)
        .toContainEqual(expect.stringContaining('Nobody is signed in'));
    });

    test('unsigned', async () => {
      const page = await open(urls.guide);
      await page.goto(`${urls.guide}/unsigned-photos`);
      await upload(page, 'Upload photos');
      await expect
        .poll(() => page.locator('p').allTextContents(), patience)
        .toEqual([expect.stringMatching(/^unsigned\//)]);
    });
  });
});
