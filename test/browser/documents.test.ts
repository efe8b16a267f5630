import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { quarters } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';
import { chromiumPath, useChromium } from './support/chromium.js';
import { useHostSite } from './support/host-site.js';
import { pngFile } from './support/widget-page.js';

/* The browser's part of the documents that docs/documents-checked.md lists; the rest is test/sdk/documents.test.ts. */

/** "Generating authentication signatures": what it says a form with a selected local file does. */
const formBlock = `
    formData.append("file", file);
    formData.append("api_key", "1234");
    formData.append("eager", "w_400,h_300,c_pad|w_260,h_200,c_crop");
    formData.append("public_id", "sample_image");
    formData.append("timestamp", "1315060510");
    formData.append("signature", "bfd09f95f331f558cbd1320e67aa8d488770583e");

    fetch(url, {
      method: "POST",
      body: formData
    })
`;

describe.skipIf(chromiumPath === null)('"Generating authentication signatures", in a page', () => {
  const server = useServer({ env: { COUNTERSEAL_BOOTSTRAP: 'cloudinary://1234:abcd@demo' } });
  const site = useHostSite(server);
  const browser = useChromium();

  /** Runs the block with what the form around it has: the file, the form data, and the address. */
  async function send(block: string): Promise<{ status: number; answer: UploadAnswer & { error?: object } }> {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('input'), {type: 'file'}))",
    );
    await page.locator('input[type=file]').setInputFiles([pngFile(await quarters(600, 400))]);
    return page.evaluate(`(async () => {
      const file = document.querySelector('input[type=file]').files[0];
      const formData = new FormData();
      const url = '${server.url}/v1_1/demo/image/upload';
      const sent = [];
      const fetch = (...given) => sent.push(window.fetch(...given));
      ${block}
      const response = await sent[0];
      return { status: response.status, answer: await response.json() };
    })()`);
  }

  test('the form block as written: the time is long past', async () => {
    expect(await send(formBlock)).toEqual({
      status: 400,
      answer: {
        error: {
          message: 'Stale request - reported time is 2011-09-03 14:35:10 +0000 which is more than 1 hour ago',
        },
      },
    });
  });

  test('the form block with the time of day and its signature: uploaded, two derivatives', async () => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHash('sha1')
      .update(`eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp=${timestamp}abcd`)
      .digest('hex');
    const block = formBlock
      .replace('1315060510', timestamp)
      .replace('bfd09f95f331f558cbd1320e67aa8d488770583e', signature);
    const { status, answer } = await send(block);
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      public_id: 'sample_image',
      eager: [{ transformation: 'c_pad,h_300,w_400' }, { transformation: 'c_crop,h_200,w_260' }],
    });
  });
});
