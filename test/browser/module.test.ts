import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { send, useHostSite } from './support/host-site.js';

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.mjs': 'text/javascript' };
const widgetFolder = join(createRequire(import.meta.url).resolve('@counterseal/widget/package.json'), '..');

/** What such pages may do: their own script, the API, nothing inline. */
const policy = (api: string) =>
  `default-src 'none'; script-src 'self'; connect-src 'self' ${api}; img-src 'self' blob: ${api}; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;

const program = `
import { createUploadWidget } from '@counterseal/widget';
window.events = [];
window.widget = createUploadWidget(
  { apiUrl: document.body.dataset.api, cloudName: 'demo', uploadPreset: 'open', language: 'de' },
  (error, result) => window.events.push(error ? error.status : result.event),
);
widget.open();
`;

describe.skipIf(chromiumPath === null)('without our server handing out the script', () => {
  const server = useServer();
  const site = useHostSite(server);
  const browser = useChromium();
  let work: Awaited<ReturnType<typeof tmpDir>> | null = null;
  let picture: Buffer;

  beforeAll(async () => {
    work = await tmpDir();
    picture = await plain(40, 30);
    await createClient(server).admin('POST', 'upload_presets', { name: 'open', unsigned: true });
  });
  afterAll(async () => {
    await work?.remove();
  });

  /** A page of its own, with one script, and the folder that script comes from. */
  function servePage(path: string, script: string, folder: string): void {
    const html = `<!doctype html><html lang="en"><title>Page</title><body data-api="${server.url}">${script}`;
    site.serve(path, (_req, res) =>
      send(res, 'text/html', html, 200, { 'Content-Security-Policy': policy(server.url) }),
    );
    site.serve(`${path}/`, (req, res) => {
      readFile(join(folder, (req.url ?? '').slice(path.length).split('?')[0] ?? '')).then(
        (bytes) => send(res, types[extname(req.url ?? '')] ?? 'text/plain', bytes),
        () => send(res, 'text/plain', 'not here', 404),
      );
    });
  }

  /** Opens it, uploads by its own button, visits a tab that loads on demand. Answers the scripts that were loaded, by path. */
  async function visit(path: string): Promise<string[]> {
    const page = await browser.newPage();
    const loaded: string[] = [];
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') loaded.push(response.url());
    });
    await page.goto(site.url + path);
    await page.getByRole('tab', { name: 'Webadresse' }).click();
    await page.getByLabel('Webadresse einer Datei').waitFor();
    await page.getByRole('tab', { name: 'Meine Dateien' }).click();
    await page
      .locator('counterseal-upload-widget input[type=file]')
      .setInputFiles([{ name: 'photo.png', mimeType: 'image/png', buffer: picture }]);
    await expect.poll(() => page.evaluate('window.events')).toContain('queues-end');
    expect(await page.evaluate('window.events')).toContain('success');
    expect(complaints).toEqual([]);
    expect(loaded.every((url) => url.startsWith(`${site.url}${path}/`))).toBe(true);
    return loaded.map((url) => url.slice(site.url.length + path.length));
  }

  test("the ES module, built by Vite, as the page's only script", async () => {
    const root = work?.path ?? '';
    await writeFile(join(root, 'page.js'), program);
    await build({
      configFile: false,
      root,
      base: '/built/',
      logLevel: 'error',
      resolve: { alias: { '@counterseal/widget': widgetFolder } },
      build: {
        outDir: 'out',
        rolldownOptions: { input: join(root, 'page.js'), output: { entryFileNames: 'page.js' } },
      },
    });
    servePage('/built', '<script type="module" src="/built/page.js"></script>', join(root, 'out'));
    const loaded = await visit('/built');
    expect(loaded[0]).toBe('/page.js');
    expect(loaded.filter((path) => /\/(de|url-source)-/.test(path))).toHaveLength(2);
    expect(loaded.some((path) => /crop|camera|fr-/.test(path))).toBe(false);
  });

  test('the single script on a static host: data-parts-url says where its parts lie', async () => {
    const start = `window.events = [];
      window.widget = cloudinary.openUploadWidget({cloudName: 'demo', uploadPreset: 'open', language: 'de'}, (error, result) => events.push(error ? error.status : result.event));`;
    servePage(
      '/static',
      `<script src="/static/vendor/upload.js" data-parts-url="parts" data-api-url="${server.url}"></script><script src="/static/start.js"></script>`,
      work?.path ?? '',
    );
    site.serve('/static/start.js', (_req, res) => send(res, 'text/javascript', start));
    site.serve('/static/vendor/', (req, res) => {
      const path = (req.url ?? '').slice('/static/vendor/'.length);
      readFile(join(widgetFolder, 'dist/bundle', path)).then(
        (bytes) => send(res, 'text/javascript', bytes),
        () => send(res, 'text/plain', 'not here', 404),
      );
    });
    const loaded = await visit('/static');
    expect(loaded).toEqual(
      expect.arrayContaining([
        '/vendor/upload.js',
        '/vendor/parts/locale-de.js',
        '/vendor/parts/url-source.js',
      ]),
    );
  });
});
