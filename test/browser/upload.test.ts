import type { IncomingMessage } from 'node:http';
import { apiSignRequest } from '@counterseal/protocol';
import { createSigner, uploadPolicy } from '@counterseal/signer';
import { toNodeHandler } from '@counterseal/signer/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { chromiumPath } from './support/chromium.js';
import { pngFile } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

interface Success {
  readonly public_id: string;
  readonly url: string;
  readonly path: string;
  readonly thumbnail_url: string;
  readonly width: number;
  readonly signature: string;
  readonly original_filename: string;
}

describe.skipIf(chromiumPath === null)('uploads from a page', () => {
  const { server, site, openPage } = useWidgetPages({ preset: { folder: 'from-preset' } });
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(64, 48);
  });

  test('unsigned, with a preset: events in the documented order, the answer as info', async () => {
    const { open, choose, told, eventNames, page } = await openPage();
    await open("uploadPreset: 'open'");
    await choose(pngFile(picture));
    const info = await told<Success>('success');
    expect(info).toMatchObject({
      width: 64,
      original_filename: 'photo',
      public_id: expect.stringMatching(/^from-preset\//),
    });
    expect(info.path).toMatch(/^v\d+\/from-preset\/\w+\.png$/);
    expect(info.thumbnail_url).toContain('/upload/c_limit,h_60,w_90/v');
    await told('queues-end');
    expect(await eventNames()).toEqual([
      'display-changed',
      'upload-added',
      'queues-start',
      'success',
      'queues-end',
    ]);
    const delivered = await createClient(server).deliver(info.url);
    expect(delivered.status).toBe(200);
    await page.getByRole('button', { name: 'Done' }).click();
    await told('close');
    expect((await eventNames()).slice(-2)).toEqual(['display-changed', 'close']);
  });

  test('signed by an endpoint: exactly what is sent is signed', async () => {
    const { open, choose, told } = await openPage();
    site.signed.length = 0;
    await open("signatureEndpoint: '/sign', folder: 'mine', tags: ['a', 'b'], context: {alt: 'x=y'}");
    await choose(pngFile(picture));
    const info = await told<Success>('success');
    expect(info.public_id).toMatch(/^mine\//);
    expect(site.signed).toEqual([
      {
        folder: 'mine',
        tags: 'a,b',
        context: 'alt=x\\=y',
        source: 'uw',
        timestamp: expect.stringMatching(/^\d{10}$/),
      },
    ]);
  });

  test("signed by Counterseal's signer, mounted in a server of its own", async () => {
    const asked: (string | undefined)[] = [];
    const signer = createSigner<string, IncomingMessage>({
      credentials: {
        cloudName: testAccount.cloud,
        apiKey: testAccount.apiKey,
        apiSecret: testAccount.apiSecret,
      },
      authorize: (_request, req) => {
        asked.push(req.headers.cookie);
        return req.headers['x-user'] === 'ann' ? 'ann' : null;
      },
      policy: (user) => uploadPolicy({ prefixes: { folder: [`users/${user}/`] }, allow: ['folder'] }),
    });
    site.serve('/signer', toNodeHandler(signer));
    const { open, choose, told, page } = await openPage({ expectsErrors: true });
    const options = (folder: string, user: string) =>
      `signatureEndpoint: '/signer', signatureHeaders: () => ({'X-User': '${user}'}), folder: '${folder}'`;
    await page.context().addCookies([{ name: 'session', value: 'of-ann', url: site.url }]);
    await open(options('users/ann/trip', 'ann'));
    await choose(pngFile(picture));
    expect((await told<Success>('success')).public_id).toMatch(/^users\/ann\/trip\//);
    expect(asked).toEqual(['session=of-ann']);
    for (const [folder, user, status, message] of [
      ['users/bob', 'ann', 403, /folder/],
      ['users/ann/trip', 'bob', 401, /Nobody is signed in/],
    ] as const) {
      await page.reload();
      await open(options(folder, user));
      await choose(pngFile(picture));
      expect(await told('error')).toMatchObject({
        kind: 'signature',
        httpStatus: status,
        message: expect.stringMatching(message),
      });
    }
  });

  test('eager derivatives given as the SDKs take them; credentials that update() takes back', async () => {
    const { open, choose, told, run } = await openPage();
    await open(
      "signatureEndpoint: '/sign', signatureCredentials: 'omit', eager: [{width: 8, height: 6, crop: 'fill'}, [{width: 9}, {angle: 90}]]",
    );
    await run('widget.update({signatureCredentials: null})');
    await choose(pngFile(picture));
    const { eager } = await told<{ eager: { transformation: string; width: number; height: number }[] }>(
      'success',
    );
    expect(eager).toMatchObject([
      { transformation: 'c_fill,h_6,w_8', width: 8, height: 6 },
      { transformation: 'w_9/a_90' },
    ]);
  });

  test('signed by a function of the page', async () => {
    const { open, choose, told, run } = await openPage();
    await open(`apiKey: '${testAccount.apiKey}', uploadSignature: (callback, paramsToSign) => {
      window.asked = paramsToSign;
      fetch('/sign', {method: 'POST', body: JSON.stringify({paramsToSign})}).then((answer) => answer.json()).then(({signature}) => callback(signature));
    }`);
    await choose(pngFile(picture));
    await told('success');
    expect(await run('window.asked')).toEqual({ source: 'uw', timestamp: expect.any(String) });
  });

  test('signed before the page was made', async () => {
    const timestamp = Math.floor(Date.now() / 1000);
    const signature = apiSignRequest({ source: 'uw', timestamp, folder: 'fixed' }, testAccount.apiSecret);
    const { open, choose, told } = await openPage();
    await open(
      `api_key: '${testAccount.apiKey}', upload_signature: '${signature}', uploadSignatureTimestamp: ${timestamp}, folder: 'fixed'`,
    );
    await choose(pngFile(picture));
    expect((await told<Success>('success')).public_id).toMatch(/^fixed\//);
  });

  test('an old signature is refused here, in words', async () => {
    const { open, choose, told, page } = await openPage();
    await open(`apiKey: 'k', uploadSignature: '${'a'.repeat(64)}', uploadSignatureTimestamp: 1700000000`);
    await choose(pngFile(picture));
    expect(await told('error')).toMatchObject({ kind: 'signature', message: expect.stringMatching(/hour/) });
    await page.getByText('more than an hour old').first().waitFor();
  });

  test('a refused signature shows both strings and what differs', async () => {
    const { open, choose, told, page } = await openPage({ expectsErrors: true });
    await open(
      `apiKey: '${testAccount.apiKey}', debug: true, folder: 'a', sign: async () => '${'b'.repeat(64)}'`,
    );
    await choose(pngFile(picture));
    const info = await told<{ diagnosis: string; httpStatus: number }>('error');
    expect(info.httpStatus).toBe(401);
    expect(info.diagnosis).toMatch(
      /The server signed: +folder=a&source=uw&timestamp=\d+\nThe widget asked for: folder=a&source=uw/,
    );
    expect(info.diagnosis).toMatch(/Both are equal/);
    await page.getByText('Both are equal').waitFor();
  });

  test('ten files: ten successes, then the end; three at a time', async () => {
    const { open, choose, told, eventNames } = await openPage();
    await open("uploadPreset: 'open'");
    await choose(...Array.from({ length: 10 }, (_, at) => pngFile(picture, `photo-${at}.png`)));
    await told('queues-end');
    const names = await eventNames();
    expect(names.slice(0, 12)).toEqual([
      'display-changed',
      ...Array.from({ length: 10 }, () => 'upload-added'),
      'queues-start',
    ]);
    expect(names.slice(12)).toEqual([...Array.from({ length: 10 }, () => 'success'), 'queues-end']);
  });
});
