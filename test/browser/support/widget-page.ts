import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, FileChooser, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { testAccount } from '../../support/start-server.js';
import { tmpDir } from '../../support/tmp-dir.js';
import type { TestBrowser } from './chromium.js';
import type { HostSite } from './host-site.js';

export interface ToldEvent {
  readonly event: string;
  readonly info: unknown;
}

export interface WidgetPage {
  readonly page: Page;
  /** The widget of the page, opened with these options: JavaScript text of an object's members. */
  open(members: string): Promise<void>;
  /** Runs an expression in the page; `widget` is the last one made. */
  run<Result>(expression: string): Promise<Result>;
  events(): Promise<ToldEvent[]>;
  eventNames(): Promise<string[]>;
  /** Waits until an event was told so many times, and answers the last one's info. */
  told<Info>(event: string, times?: number): Promise<Info>;
  /** Chooses files in the widget's own input. */
  choose(...files: readonly PageFile[]): Promise<void>;
}

export interface PageFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export interface WidgetPageOptions extends BrowserContextOptions {
  readonly path?: string;
  readonly expectsErrors?: boolean;
}

/** Opens the host page; every exception and every violation of its policy is a failure. */
export async function openWidgetPage(
  browser: TestBrowser,
  site: HostSite,
  { path = '/', expectsErrors = false, ...options }: WidgetPageOptions = {},
): Promise<WidgetPage> {
  const page = await browser.newPage(options);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(site.url + path);
  const run = <Result>(expression: string) => page.evaluate(expression) as Promise<Result>;
  const events = () => run<ToldEvent[]>('JSON.parse(JSON.stringify(window.events))');
  const check = async () => {
    const violations = await run<string[]>('window.violations');
    if (!expectsErrors) expect({ problems, violations }).toEqual({ problems: [], violations: [] });
  };
  return {
    page,
    run,
    events,
    eventNames: async () => (await events()).map(({ event }) => event),
    async open(members) {
      await run(
        `window.widget = cloudinary.createUploadWidget({cloudName: '${testAccount.cloud}', ${members}}, told); widget.open()`,
      );
      await page.locator('counterseal-upload-widget .window').first().waitFor();
    },
    async told(event, times = 1) {
      await expect
        .poll(async () => (await events()).filter((each) => each.event === event).length, { timeout: 20_000 })
        .toBeGreaterThanOrEqual(times);
      await check();
      return (await events()).filter((each) => each.event === event).at(-1)?.info as never;
    },
    async choose(...files) {
      const input = page.locator('counterseal-upload-widget input[type=file]');
      const isLarge = files.some(({ buffer }) => buffer.length > largeBytes);
      await (isLarge ? input.setInputFiles(await onDisk(files)) : input.setInputFiles([...files]));
    },
  };
}

/** Everything the widget's live region says from now on, as a function that answers what was said so far. */
export async function sayings(run: WidgetPage['run']): Promise<() => Promise<string[]>> {
  await run(`(() => {
    window.said = [];
    const status = document.querySelector('counterseal-upload-widget').shadowRoot.querySelector('[role=status]');
    new MutationObserver(() => said.push(status.textContent)).observe(status, {childList: true, characterData: true, subtree: true});
  })()`);
  return () => run<string[]>('said');
}

/**
 * The file chooser that `act` opens. Playwright asks the browser to hand choosers over as soon as somebody waits for one, but does
 * not wait for the answer: what is pressed at once opens a chooser that nobody gets to see. One question in between keeps the order.
 */
export async function fileChooserOf(page: Page, act: () => Promise<void>): Promise<FileChooser> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.evaluate('0').then(act)]);
  return chooser;
}

/** Larger files go to the browser by their path. */
const largeBytes = 4 * 1024 * 1024;

async function onDisk(files: readonly PageFile[]): Promise<string[]> {
  const { path, remove } = await tmpDir();
  onTestFinished(remove);
  return Promise.all(
    files.map(async ({ name, buffer }) => {
      await writeFile(join(path, name), buffer);
      return join(path, name);
    }),
  );
}

export function pngFile(buffer: Buffer, name = 'photo.png'): PageFile {
  return { name, mimeType: 'image/png', buffer };
}
