import { apiSignRequest } from '@counterseal/protocol';
import type { Route } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createClient } from '../support/client.js';
import { isFullRun } from '../support/full-run.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { send, useHostSite } from './support/host-site.js';
import { type ReactMajor, type ReactPage, useReactPage } from './support/react-page.js';
import { pngFile } from './support/widget-page.js';

type Success = readonly [{ readonly info: { readonly public_id: string; readonly tags: readonly string[] } }];

describe.skipIf(chromiumPath === null)('React', () => {
  const server = useServer();
  const site = useHostSite(server);
  const browser = useChromium();
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(64, 48);
    const client = createClient(server);
    for (const name of ['open', 'other'])
      await client.admin('POST', 'upload_presets', { name, unsigned: true, folder: `by-${name}` });
  });

  describe.each<ReactMajor>([19, 18])('%i', (major) => {
    const openPage = useReactPage(site, server, major);
    const shared = test.skipIf(!isFullRun && major === 18);

    const ready = ({ page }: ReactPage) =>
      page.locator('button:enabled', { hasText: /^Open$|^Upload$/ }).waitFor();
    const openWidget = async ({ page }: ReactPage) => {
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByRole('button', { name: 'Choose files' }).waitFor();
    };
    /** One upload from an open widget; it is closed afterwards. */
    const upload = async (made: ReactPage, handler = 'onSuccess', times = 1) => {
      await made.choose(pngFile(picture));
      const [{ info }] = (await made.waitFor(handler, times)) as Success;
      await made.run('harness.args.close({quiet: true})');
      return info;
    };

    test('in StrictMode: one widget, and every handler of an upload with its action', async () => {
      const made = await openPage(browser);
      expect(await made.run('harness.reactVersion')).toMatch(new RegExp(`^${major}\\.`));
      const names = [
        ...['onOpen', 'onDisplayChanged', 'onUploadAdded', 'onQueuesStart', 'onSuccess', 'onUpload'],
        ...['onQueuesEnd', 'onClose', 'onQueuesStartAction', 'onSuccessAction', 'onQueuesEndAction'],
      ];
      const handlers = names.map((name) => `${name}: note('${name}')`).join(', ');
      await made.run(`harness.renderWidget({...account, ${handlers}}, true)`);
      await openWidget(made);
      expect(await made.widgets()).toBe(1);
      expect((await upload(made)).public_id).toMatch(/^by-open\//);
      await made.waitFor('onClose');
      expect((await made.told()).map(({ name }) => name)).toEqual([
        ...['onDisplayChanged', 'onOpen', 'onUploadAdded', 'onQueuesStart', 'onQueuesStartAction'],
        ...['onSuccess', 'onSuccessAction', 'onUpload', 'onQueuesEnd', 'onQueuesEndAction'],
        ...['onDisplayChanged', 'onClose'],
      ]);
      const second = "harness.told.find(({name}) => name === 'onSuccess').given[1]";
      expect(await made.run(`[typeof ${second}.open, ${second}.widget === harness.args.widget]`)).toEqual([
        'function',
        true,
      ]);
      // An action is sent what JSON holds, and no file.
      const [ended, ...none] = await made.waitFor('onQueuesEndAction');
      expect(none).toEqual([]);
      expect(ended).toMatchObject({
        event: 'queues-end',
        info: { files: [{ name: 'photo.png', file: null }] },
      });
      expect(await made.run('[harness.args.results.event, harness.args.error === undefined]')).toEqual([
        'close',
        true,
      ]);
    });

    shared('the latest handlers and functions are called', async () => {
      const made = await openPage(browser, { expectsErrors: true });
      const signed = (call: string, handler: string) =>
        made.run(`harness.renderWidget({...account, uploadPreset: undefined, sign: ${call},
          onSuccess: note('${handler}'), onError: note('onError'), options: {prepareUploadParams: undefined}})`);
      const sign = `async (paramsToSign) => (await fetch('/sign', {method: 'POST', body: JSON.stringify({paramsToSign})})).json()`;
      await signed("async () => { throw new Error('the old one') }", 'first');
      await openWidget(made);
      await signed(sign, 'second');
      await upload(made, 'second');
      expect((await made.told()).map(({ name }) => name)).toEqual(['second']);
    });

    shared('options that change reach the widget that is there; those that go are forgotten', async () => {
      const made = await openPage(browser);
      const render = (members: string) =>
        made.run(`harness.renderWidget({...account, onSuccess: note('onSuccess'), ${members}}, true)`);
      await render("options: {tags: ['one'], sources: ['local', 'url']}");
      await openWidget(made);
      await made.run('window.before = harness.args.widget');
      expect((await upload(made)).tags).toEqual(['one']);
      await openWidget(made);
      await render("uploadPreset: 'other', options: {sources: ['local']}");
      const other = await upload(made, 'onSuccess', 2);
      expect(other.public_id).toMatch(/^by-other\//);
      expect(other.tags ?? []).toEqual([]);
      expect(await made.run('harness.args.widget === before')).toBe(true);
    });

    shared('another configuration is another widget, and the old one is gone', async () => {
      const made = await openPage(browser);
      const render = (cloudName: string) =>
        made.run(`harness.renderWidget({...account, config: {...account.config, cloudName: '${cloudName}'},
          onSuccess: note('onSuccess')}, true)`);
      await render('elsewhere');
      await openWidget(made);
      await made.run('window.before = harness.args.widget');
      await render(testAccount.cloud);
      await expect
        .poll(() => made.run('[before.isDestroyed(), harness.args.isShowing()]'))
        .toEqual([true, true]);
      expect(await made.widgets()).toBe(1);
      expect((await upload(made)).public_id).toMatch(/^by-open\//);
    });

    shared('unmounted while it uploads: the request ends, nothing is told, nothing is left', async () => {
      const made = await openPage(browser, { expectsErrors: true });
      await made.page.route('**/v1_1/**', () => {});
      await made.run(
        "harness.renderWidget({...account, onResult: note('onResult'), onError: note('onError')}, true)",
      );
      await openWidget(made);
      const sent = made.page.waitForRequest('**/v1_1/**');
      const ended = made.page.waitForEvent('requestfailed');
      await made.choose(pngFile(picture));
      await sent;
      const before = await made.told();
      await made.run('harness.unmount()');
      expect((await ended).failure()?.errorText).toBe('net::ERR_ABORTED');
      expect(await made.widgets()).toBe(0);
      await made.run('harness.args.open(); harness.args.close()');
      expect(await made.widgets()).toBe(0);
      expect(await made.told()).toEqual(before);
    });

    shared('mounted and unmounted again and again: one widget at most', async () => {
      const made = await openPage(browser);
      await made.run(`(async () => {
        for (let turn = 0; turn < 20; turn += 1) {
          harness.renderWidget(account, true);
          await new Promise((resolve) => setTimeout(resolve, turn % 3));
          harness.unmount();
        }
        harness.renderWidget(account, true);
      })()`);
      await ready(made);
      expect(await made.widgets()).toBe(1);
      await made.run('harness.unmount()');
      expect(await made.widgets()).toBe(0);
    });

    shared('the button: what is not the widget’s goes to the element', async () => {
      const made = await openPage(browser);
      await made.run(`harness.renderButton({...account, id: 'own', title: 'Photos', 'data-kind': 'x', className: 'fancy',
        onClick: ({type}) => note('onClick')(type), onOpen: note('onOpen'), onSuccess: note('onSuccess'), onSuccessAction: note('onSuccessAction')}, true)`);
      const button = made.page.locator('#own');
      await ready(made);
      expect(await button.evaluate((element) => element.outerHTML)).toBe(
        '<button type="button" id="own" title="Photos" data-kind="x" class="fancy">Upload</button>',
      );
      await button.click();
      await made.choose(pngFile(picture));
      await made.waitFor('onSuccessAction');
      expect((await made.told()).map(({ name }) => name)).toEqual([
        ...['onOpen', 'onClick', 'onSuccess', 'onSuccessAction'],
      ]);
      await made.run("harness.renderButton({...account, disabled: true, children: 'Add a photo'}, true)");
      await made.page.locator('button:disabled', { hasText: 'Add a photo' }).waitFor();
    });

    shared(
      'a button whose script failed says so, and loads it when it is pressed or there again',
      async () => {
        const made = await openPage(browser, { expectsErrors: true });
        const { page } = made;
        // Of this origin, as the policy of the page has it.
        const scriptUrl = `${site.url}/widget.js`;
        const refused = `The upload widget cannot be loaded from ${scriptUrl}`;
        const script = await fetch(`${server.url}/global/all.js`).then((answer) => answer.text());
        const waiting: Route[] = [];
        await page.route(scriptUrl, (route) => void waiting.push(route));
        const answer = async (end: (route: Route) => Promise<void>) => {
          await expect.poll(() => waiting).toHaveLength(1);
          const [route] = waiting.splice(0);
          if (route !== undefined) await end(route);
        };
        const render = () =>
          made.run(`harness.renderButton({...account, id: 'own', title: 'Photos', scriptUrl: '${scriptUrl}',
          onError: note('onError'), onOpen: note('onOpen')})`);
        const button = page.locator('#own');
        await render();
        await page.locator('#own[title=Photos]:disabled').waitFor();
        await answer((route) => route.abort());
        await page.locator('#own:enabled').waitFor();
        expect((await made.waitFor('onError'))[0]).toEqual({ status: refused, statusText: refused });
        expect(await button.getAttribute('title')).toBe(refused);
        expect(await button.getAttribute('data-load-error')).toBe(refused);
        // There again: it tries by itself, and fails once more.
        await made.run('harness.unmount()');
        await render();
        await answer((route) => route.abort());
        await made.waitFor('onError', 2);
        await button.focus();
        await page.keyboard.press('Enter');
        await page.locator('#own[aria-busy=true]').waitFor();
        expect(await made.run('document.activeElement.id')).toBe('own');
        await answer((route) => route.fulfill({ contentType: 'text/javascript', body: script }));
        await page.getByRole('button', { name: 'Choose files' }).waitFor();
        expect(await button.getAttribute('title')).toBe('Photos');
        expect(await button.getAttribute('aria-busy')).toBeNull();
        expect((await made.told()).map(({ name }) => name)).toEqual(['onError', 'onError', 'onOpen']);
      },
    );

    if (major !== 19) return;

    test('the configuration of the build, where props say nothing', async () => {
      const made = await openPage(browser);
      await made.run(
        `harness.renderWidget({apiUrl: '${server.url}', uploadPreset: 'open', onSuccess: note('onSuccess')})`,
      );
      await openWidget(made);
      expect((await upload(made)).public_id).toMatch(/^by-open\//);
    });

    test('open() before the widget is loaded opens it then', async () => {
      const made = await openPage(browser);
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await made.page.route(`**/react-${major}/*.js`, async (route) => {
        await released;
        await route.continue();
      });
      const asked = made.page.waitForRequest(`**/react-${major}/*.js`);
      await made.run("harness.renderWidget({...account, onOpen: note('onOpen')}, true)");
      await asked;
      await made.page.locator('button:disabled').waitFor();
      expect(await made.run('[harness.args.isLoading, harness.args.isShowing()]')).toEqual([true, false]);
      await made.run('harness.args.open()');
      release();
      await made.page.getByRole('button', { name: 'Choose files' }).waitFor();
      expect(await made.told()).toHaveLength(1);
    });

    test('destroyed by the page, opened again', async () => {
      const made = await openPage(browser);
      await made.run('harness.renderWidget(account)');
      await ready(made);
      await made.run('harness.args.destroy()');
      expect(await made.run('harness.args.isDestroyed()')).toBe(true);
      expect(await made.widgets()).toBe(0);
      await openWidget(made);
      expect(await made.widgets()).toBe(1);
    });

    test('a signing endpoint, with headers and as an address', async () => {
      const asked: (string | undefined)[] = [];
      site.serve('/checked', async (req, res) => {
        asked.push(req.headers.authorization);
        let body = '';
        for await (const chunk of req.setEncoding('utf8')) body += chunk;
        const { paramsToSign } = JSON.parse(body);
        const signature = apiSignRequest(paramsToSign, testAccount.apiSecret, 'sha256');
        send(res, 'application/json', JSON.stringify({ signature, api_key: testAccount.apiKey }));
      });
      const made = await openPage(browser);
      await made.run(`harness.renderWidget({config: account.config, options: {folder: 'mine'},
        signatureEndpoint: new URL('/checked', location.href), signatureHeaders: () => ({Authorization: 'Bearer token'}),
        onSuccess: note('onSuccess')})`);
      await openWidget(made);
      expect((await upload(made)).public_id).toMatch(/^mine\//);
      expect(asked).toEqual(['Bearer token']);
    });

    test('the component of the guide for Next, and the endpoint that signs for it', async () => {
      onTestFinished(() => void vi.unstubAllEnvs());
      vi.stubEnv(
        'CLOUDINARY_URL',
        `cloudinary://${testAccount.apiKey}:${testAccount.apiSecret}@${testAccount.cloud}`,
      );
      const { POST }: { POST(request: Request): Promise<Response> } = await import(
        '../signer/examples/next.mjs'
      );
      site.serve('/api/sign', async (req, res) => {
        let body = '';
        for await (const chunk of req.setEncoding('utf8')) body += chunk;
        const session = /session=(\d+)/.exec(req.headers.cookie ?? '')?.[1];
        const request = new Request(`${site.url}/api/sign`, { method: 'POST', body });
        const cookies = { get: () => (session === undefined ? undefined : { value: session }) };
        const answer = await POST(Object.assign(request, { cookies }));
        send(res, 'application/json', await answer.text(), answer.status);
      });
      const made = await openPage(browser, { expectsErrors: true });
      await made.run(`(globalThis.COUNTERSEAL_API_URL = '${server.url}', harness.renderAddPhoto('42'))`);
      await made.page.getByRole('button', { name: 'Add a photo' }).click();
      await made.choose(pngFile(picture));
      await made.page.getByRole('alert').getByText('Nobody is signed in').first().waitFor();
      await made.run("document.cookie = 'session=42'");
      await made.page.getByRole('button', { name: /retry/i }).first().click();
      const [{ info }] = (await made.waitFor('save')) as Success;
      expect(info.public_id).toMatch(/^users\/42\//);
    });

    test('a configuration that can never upload is said, and the page stays', async () => {
      const made = await openPage(browser, { expectsErrors: true });
      await made.run(
        "harness.renderWidget({config: account.config, options: {uploadSignature: () => {}}, onError: note('onError')})",
      );
      const [error] = await made.waitFor('onError');
      expect(error).toMatchObject({ statusText: expect.stringContaining('API key') });
      await expect.poll(() => made.run('harness.args.error?.statusText')).toContain('API key');
      await made.page.getByRole('button', { name: 'Open', exact: true }).waitFor();
    });
  });
});
