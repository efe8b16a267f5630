import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect } from 'vitest';
import { testAccount } from '../../support/start-server.js';
import { tmpDir } from '../../support/tmp-dir.js';
import type { TestBrowser } from './chromium.js';
import { type HostSite, send } from './host-site.js';
import type { PageFile } from './widget-page.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const old = (name: string) => here(`../../frameworks/react-18/node_modules/${name}`);

export type ReactMajor = 18 | 19;

const aliases: Readonly<Record<ReactMajor, Readonly<Record<string, string>>>> = {
  18: { react: old('react'), 'react-dom': old('react-dom') },
  19: {},
};

export interface ToldHandler {
  readonly name: string;
  readonly given: readonly unknown[];
}

export interface ReactPage {
  readonly page: Page;
  /** Runs an expression in the page; `harness` is what page.tsx left there, `account` the usual props. */
  run<Result>(expression: string): Promise<Result>;
  /** What handlers made by `note(name)` were given, as far as JSON holds it. */
  told(name?: string): Promise<ToldHandler[]>;
  /** Waits until a handler was called so many times, and answers what it was given last. */
  waitFor(name: string, times?: number): Promise<readonly unknown[]>;
  choose(...files: readonly PageFile[]): Promise<void>;
  /** How many widgets are in the page. */
  widgets(): Promise<number>;
}

/** Builds the page once for a version of React, with development checks, and serves it under a strict policy. */
export function useReactPage(site: HostSite, server: { readonly url: string }, major: ReactMajor) {
  const base = `/react-${major}`;
  let removeFolder = async () => {};
  beforeAll(async () => {
    const { path, remove } = await tmpDir();
    removeFolder = remove;
    await buildPage(path, major);
    const policy = `default-src 'none'; script-src 'self'; connect-src 'self' ${server.url}; img-src 'self' blob: ${server.url}`;
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>React ${major}</title>
<script type="module" src="${base}/page.js"></script></head><body><form id="form"><div id="root"></div></form></body></html>`;
    site.serve(base, (_, res) =>
      send(res, 'text/html; charset=utf-8', html, 200, { 'Content-Security-Policy': policy }),
    );
    for (const name of await readdir(path)) {
      const code = await readFile(join(path, name));
      site.serve(`${base}/${name}`, (_, res) => send(res, 'text/javascript', code));
    }
  });
  afterAll(() => removeFolder());

  return async (
    browser: TestBrowser,
    { expectsErrors = false, beforeLoad = async (_: Page) => {} } = {},
  ): Promise<ReactPage> => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    await beforeLoad(page);
    await page.goto(site.url + base);
    await page.waitForFunction('window.harness !== undefined');
    const account = { config: { cloudName: testAccount.cloud, apiUrl: server.url }, uploadPreset: 'open' };
    await page.evaluate(`Object.assign(window, {account: ${JSON.stringify(account)}, note: harness.note})`);
    const run = <Result>(expression: string) => page.evaluate(expression) as Promise<Result>;
    const told = async (name?: string) => {
      const all = await run<ToldHandler[]>('JSON.parse(JSON.stringify(harness.told))');
      return name === undefined ? all : all.filter((each) => each.name === name);
    };
    return {
      page,
      run,
      told,
      async waitFor(name, times = 1) {
        await expect
          .poll(async () => (await told(name)).length, { timeout: 20_000 })
          .toBeGreaterThanOrEqual(times);
        if (!expectsErrors) expect(problems).toEqual([]);
        return (await told(name)).at(-1)?.given ?? [];
      },
      choose: (...files) =>
        page.locator('counterseal-upload-widget input[type=file]').setInputFiles([...files]),
      widgets: () => page.locator('counterseal-upload-widget').count(),
    };
  };
}

async function buildPage(outDir: string, major: ReactMajor): Promise<void> {
  const text = (value: string) => JSON.stringify(value);
  await build({
    configFile: false,
    root: here('../react'),
    logLevel: 'error',
    publicDir: false,
    resolve: { alias: aliases[major] },
    define: {
      // StrictMode mounts twice with the checks of development only.
      'process.env.NODE_ENV': text('development'),
      'process.env.NEXT_PUBLIC_CLOUDINARY_CLOUD_NAME': text(testAccount.cloud),
    },
    build: {
      target: 'es2022',
      outDir,
      emptyOutDir: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: here('../react/page.tsx'),
        output: { entryFileNames: 'page.js', chunkFileNames: '[name].js' },
      },
    },
  });
}
