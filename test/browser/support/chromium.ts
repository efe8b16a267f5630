import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { chromiumSwitches } from './chromium-switches.mjs';

const found = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap((name) =>
  (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
);

/** The browser of this machine; null when there is none, and the browser tests are skipped. */
export const chromiumPath =
  process.env.COUNTERSEAL_TEST_CHROMIUM ?? found.find((path) => isExecutable(path)) ?? null;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whoever asks for the camera is refused, as by a visitor who says no. */
export const withoutCameraArgs = [...chromiumSwitches, '--use-fake-device-for-media-stream'];
const quietArgs = [...withoutCameraArgs, '--use-fake-ui-for-media-stream'];

export interface TestBrowser {
  newPage(options?: BrowserContextOptions): Promise<Page>;
}

/** One browser for a test file, one fresh context for a page; everything a test opened is closed after it. */
export function useChromium(args: readonly string[] = quietArgs): TestBrowser {
  let browser: Browser | null = null;
  beforeAll(async () => {
    if (chromiumPath !== null)
      browser = await chromium.launch({ executablePath: chromiumPath, args: [...args] });
  });
  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    async newPage(options = {}) {
      if (browser === null) throw new Error('the browser is there inside tests only');
      const context = await browser.newContext({ viewport: { width: 1000, height: 760 }, ...options });
      context.setDefaultTimeout(15_000);
      return context.newPage();
    },
  };
}
