import { beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import { chromiumPath } from './support/chromium.js';
import { pngFile, type WidgetPage } from './support/widget-page.js';
import { useWidgetPages } from './support/widget-pages.js';

/** What a widget may change in a page, and must put back. */
const pageState = `JSON.stringify({
  html: document.documentElement.getAttribute('style'), body: document.body.getAttribute('style'),
  nodes: document.querySelectorAll('*').length, sheets: document.adoptedStyleSheets.length,
  inert: document.querySelectorAll('[inert], [aria-hidden]').length, focus: document.activeElement.id,
})`;

describe.skipIf(chromiumPath === null)('in a page', () => {
  const { server, openPage } = useWidgetPages({ preset: { return_delete_token: true } });
  let picture: Buffer;

  beforeAll(async () => {
    picture = await plain(64, 48);
  });

  const make = (made: WidgetPage, members = '') =>
    made.run(
      `window.widget = cloudinary.createUploadWidget({cloudName: 'demo', uploadPreset: 'open', ${members}}, told)`,
    );

  test('scroll, focus and everything else come back on every way out', async () => {
    const made = await openPage();
    await make(made);
    await made.page.locator('#opener').focus();
    const before = await made.run(pageState);
    for (const close of [
      'widget.close()',
      'widget.hide()',
      'widget.close({quiet: true})',
      'widget.minimize(); widget.close()',
    ]) {
      await made.run('widget.open()');
      await made.page.getByRole('button', { name: 'Choose files' }).waitFor();
      expect(await made.run('document.documentElement.style.overflow')).toBe('hidden');
      await made.run(close);
      await expect.poll(() => made.run(pageState)).toBe(before);
    }
    await made.run('widget.open()');
    await made.page.getByRole('button', { name: 'Choose files' }).waitFor();
    await made.page.keyboard.press('Escape');
    await expect.poll(() => made.run(pageState)).toBe(before);
    await made.run('widget.open(); widget.destroy()');
    await expect
      .poll(async () => JSON.parse(await made.run<string>(pageState)))
      .toMatchObject({ html: null, focus: 'opener' });
    expect(await made.run('document.querySelector("counterseal-upload-widget")')).toBeNull();
  });

  test('closed and opened again at once, it stays open', async () => {
    const made = await openPage();
    await make(made);
    const isShowing = await made.run(`(async () => {
      widget.open();
      const dialog = document.querySelector('counterseal-upload-widget').shadowRoot.querySelector('dialog');
      const told = new Promise((resolve) => dialog.addEventListener('close', () => setTimeout(resolve)));
      widget.close();
      widget.open();
      await told;
      return [widget.isShowing(), dialog.open];
    })()`);
    expect(isShowing).toEqual([true, true]);
    expect((await made.events()).map(({ event, info }) => `${event} ${info ?? ''}`)).toEqual([
      ...['display-changed shown', 'display-changed hidden', 'close ', 'display-changed shown'],
    ]);
  });

  test('made and destroyed fifty times, nothing is left', async () => {
    const made = await openPage();
    const before = await made.run(pageState);
    const listeners = await made.run<number>(`(async () => {
      let count = 0;
      for (const target of [window, document, matchMedia('(x)').constructor.prototype]) {
        for (const [name, step] of [['addEventListener', 1], ['removeEventListener', -1]]) {
          const own = target[name];
          target[name] = function (...given) { count += step; return own.apply(this, given); };
        }
      }
      for (let turn = 0; turn < 50; turn += 1) {
        const widget = cloudinary.openUploadWidget({cloudName: 'demo', uploadPreset: 'open'}, told);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await widget.destroy();
        await widget.destroy();
      }
      return count;
    })()`);
    expect(listeners).toBe(0);
    expect(await made.run(pageState)).toBe(before);
  });

  test('inside a host dialog that traps focus and blocks pointers', async () => {
    const made = await openPage({ path: '/plain' });
    await make(made);
    await made.run(`(() => {
      document.body.style.pointerEvents = 'none';
      const dialog = document.createElement('dialog');
      dialog.innerHTML = '<input id="inside"><button id="outer">x</button>';
      document.body.append(dialog);
      dialog.showModal();
      window.seen = [];
      for (const name of ['pointerdown', 'keydown', 'focusin']) document.addEventListener(name, (event) => {
        if (dialog.contains(event.target)) return;
        seen.push(name);
        if (name === 'focusin') document.getElementById('inside').focus();
      });
      widget.open();
    })()`);
    await made.page.getByRole('tab', { name: 'Web address' }).click();
    await made.page.getByLabel('Web address of a file').fill('https://example.org/x.png');
    expect(await made.page.getByLabel('Web address of a file').inputValue()).toBe(
      'https://example.org/x.png',
    );
    await made.page.keyboard.press('Escape');
    await made.told('close');
    expect(await made.run('window.seen')).toEqual([]);
    expect(await made.run('document.querySelector("dialog").open')).toBe(true);
  });

  test('two widgets on a page do not know of each other', async () => {
    const made = await openPage();
    await made.run(`window.first = []; window.second = [];
      window.a = cloudinary.createUploadWidget({cloudName: 'demo', uploadPreset: 'open', inlineContainer: '#place'}, (error, result) => first.push(result.event));
      window.b = cloudinary.createUploadWidget({cloudName: 'demo', uploadPreset: 'open'}, (error, result) => second.push(result.event));
      a.addFiles([new File(['one'], 'one.txt')])`);
    await expect.poll(() => made.run('first.includes("queues-end")'), { timeout: 10_000 }).toBe(true);
    await made.run("b.addFiles([new File(['two'], 'two.txt')])");
    await expect.poll(() => made.run('second.includes("queues-end")'), { timeout: 10_000 }).toBe(true);
    expect(await made.run('[first, second]')).toEqual([
      ['display-changed', 'upload-added', 'queues-start', 'success', 'queues-end'],
      ['upload-added', 'queues-start', 'success', 'queues-end'],
    ]);
  });

  test('applied to an element of a form: a button, a hidden field, a thumbnail that can be deleted', async () => {
    const made = await openPage();
    await made.run(
      "window.widget = cloudinary.applyUploadWidget('#opener', {cloud_name: 'demo', upload_preset: 'open', buttonCaption: 'Add a photo'}, told)",
    );
    await made.page.getByRole('button', { name: 'Add a photo' }).click();
    await made.choose(pngFile(picture));
    const info = await made.told<{ public_id: string; version: number; signature: string }>('success');
    await made.run('widget.close()');
    const field = made.page.locator('form input[type=hidden][name=image]');
    expect(await field.inputValue()).toBe(
      `image/upload/v${info.version}/${info.public_id}.png#${info.signature}`,
    );
    expect(await made.page.locator('.cloudinary-thumbnail img').getAttribute('src')).toContain(
      'c_limit,h_60,w_90',
    );
    await made.page.locator('.cloudinary-delete').click();
    await expect.poll(() => made.page.locator('.cloudinary-thumbnail').count()).toBe(0);
    expect(await field.count()).toBe(0);
  });

  test('applied twice to one element: one widget opens, the new one', async () => {
    const made = await openPage();
    const apply = (caption: string, tags: string) =>
      made.run(
        `void cloudinary.applyUploadWidget('#opener', {cloudName: 'demo', uploadPreset: 'open', buttonCaption: '${caption}', tags: ['${tags}']}, told)`,
      );
    await apply('First', 'old');
    await apply('Second', 'new');
    expect(await made.run("document.querySelectorAll('counterseal-upload-widget').length")).toBe(1);
    await made.page.getByRole('button', { name: 'Second' }).click();
    await made.choose(pngFile(picture));
    expect(await made.told('success')).toMatchObject({ tags: ['new'] });
    expect((await made.eventNames()).filter((name) => name === 'success')).toHaveLength(1);
  });

  test('minimised, expanded, and what open() is called with by mistake', async () => {
    const made = await openPage();
    await make(made);
    await made.run("document.getElementById('opener').onclick = widget.open");
    await made.page.getByRole('button', { name: 'Upload', exact: true }).click();
    await made.page.getByRole('button', { name: 'Choose files' }).waitFor();
    await made.run('widget.minimize()');
    expect(await made.run('[widget.isShowing(), widget.isMinimized()]')).toEqual([false, true]);
    await made.page.getByRole('button', { name: 'Expand' }).click();
    expect(await made.run('[widget.isShowing(), widget.isMinimized()]')).toEqual([true, false]);
    const told = (await made.events()).map(({ info }) => info);
    expect(told).toEqual(['shown', 'minimized', 'expanded']);
  });

  test.each([
    ['no cloud name', "cloudName: '', uploadPreset: 'open'", 'cloudName is missing'],
    ['neither preset nor signature', "cloudName: 'demo'", 'uploadPreset is missing'],
    ['no API key', "cloudName: 'demo', uploadSignature: () => {}", 'apiKey is missing'],
  ])('%s is said, not waited for', async (_name, members, message) => {
    const made = await openPage();
    await made.run(`window.widget = cloudinary.openUploadWidget({${members}}, told)`);
    await made.page.getByText(message).waitFor();
    expect(await made.run<{ status: string }[]>('errors')).toEqual([
      expect.objectContaining({ status: expect.stringContaining(message) }),
    ]);
  });

  test('the script is merged into what other scripts share, and once', async () => {
    const made = await openPage({ path: '/plain' });
    const kept = await made.run<boolean[]>(`(async () => {
      cloudinary.videoPlayer = () => 'theirs';
      const { createUploadWidget } = cloudinary;
      for (const path of ['/global/all.js', '/latest/global/all.js', '/v2.0/global/all.js']) {
        const script = document.createElement('script');
        script.src = '${server.url}' + path;
        await new Promise((resolve) => { script.onload = resolve; document.head.append(script); });
      }
      return [cloudinary.videoPlayer() === 'theirs', cloudinary.createUploadWidget === createUploadWidget];
    })()`);
    expect(kept).toEqual([true, true]);
    const texts = await createClient(server).deliver('/global/text.json');
    expect(texts.json<{ en: { close: string } }>().en.close).toBe('Close');
  });

  test('update: options, text, language, sources and the callback', async () => {
    const made = await openPage();
    await make(made, "maxFiles: 1, text: {en: {local: {browse: 'Pick'}}}");
    await made.run('widget.open()');
    await made.page.getByRole('button', { name: 'Pick' }).waitFor();
    await made.run(
      "window.later = []; widget.update({language: 'ar', sources: ['url', 'local'], max_files: 2}, (error, result) => later.push(result.event))",
    );
    await made.page.getByRole('button', { name: 'اختيار ملفات' }).waitFor();
    expect(
      await made.run(
        "document.querySelector('counterseal-upload-widget').shadowRoot.querySelector('.root').dir",
      ),
    ).toBe('rtl');
    await made.choose(...['a', 'b', 'c'].map((name) => pngFile(picture, `${name}.png`)));
    await expect.poll(() => made.run('later.at(-1)'), { timeout: 15_000 }).toBe('queues-end');
    expect(await made.run('later.filter((event) => event === "success").length')).toBe(2);
    expect(await made.run('later')).toContain('batch-cancelled');
  });

  test('styles and the palette are custom properties; what is no colour is left out', async () => {
    const made = await openPage();
    await make(
      made,
      "styles: {palette: {action: '#ff0000', window: 'url(x)'}, frame: {background: '#00000080'}}",
    );
    await made.run('widget.open()');
    const button = made.page.getByRole('button', { name: 'Choose files' });
    await button.waitFor();
    expect(await button.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(
      'rgb(255, 0, 0)',
    );
    const dialog = made.page.getByRole('dialog');
    const own = (name: string) =>
      dialog.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);
    expect([await own('--cs-action'), await own('--cs-window'), await own('--cs-backdrop')]).toEqual([
      ...['#ff0000', '', '#00000080'],
    ]);
  });

  test('styles that are changed or taken back leave nothing; what the page has set itself stays', async () => {
    const made = await openPage({ expectsErrors: true });
    await make(
      made,
      "styles: {palette: {action: '#ff0000', link: '#00ff00'}, fonts: {Courier: '/fonts/one.css'}}",
    );
    await made.run(`widget.open();
      document.querySelector('counterseal-upload-widget').style.setProperty('--cs-window', '#0000ff')`);
    const button = made.page.getByRole('button', { name: 'Choose files' });
    await button.waitFor();
    const looks = () =>
      button.evaluate((element) => {
        const { backgroundColor, fontFamily } = getComputedStyle(element);
        const sheets = [...document.querySelectorAll('link[href*="/fonts/"]')];
        const window = getComputedStyle(element.closest('.window') ?? element).backgroundColor;
        return [
          ...[backgroundColor, window, fontFamily.split(',')[0]],
          ...sheets.map((sheet) => sheet.getAttribute('href')),
        ];
      });
    const [action, blue] = ['rgb(11, 107, 98)', 'rgb(0, 0, 255)'];
    await expect.poll(looks).toEqual(['rgb(255, 0, 0)', blue, 'Courier', '/fonts/one.css']);
    await made.run("widget.update({styles: {fonts: {Georgia: {url: '/fonts/two.css', active: true}}}})");
    await expect.poll(looks).toEqual([action, blue, 'Georgia', '/fonts/two.css']);
    await made.run('widget.update({styles: null})');
    await expect.poll(looks).toEqual([action, blue, 'system-ui']);
  });

  test('no animation for those who want none', async () => {
    const made = await openPage({ reducedMotion: 'reduce' });
    await make(made);
    await made.run('widget.open()');
    await made.page.getByRole('button', { name: 'Choose files' }).waitFor();
    expect(
      await made.run(
        "document.querySelector('counterseal-upload-widget').shadowRoot.getAnimations?.().length ?? document.getAnimations().length",
      ),
    ).toBe(0);
  });
});
