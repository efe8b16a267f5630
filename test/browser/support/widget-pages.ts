import { beforeAll } from 'vitest';
import { createClient } from '../../support/client.js';
import type { ServerOptions } from '../../support/start-server.js';
import { type TestServer, useServer } from '../../support/use-server.js';
import { type TestBrowser, useChromium } from './chromium.js';
import { type HostSite, useHostSite } from './host-site.js';
import { openWidgetPage, type WidgetPage, type WidgetPageOptions } from './widget-page.js';

export interface WidgetPages {
  readonly server: TestServer;
  readonly site: HostSite;
  /** Opens the host page in the browser of the file, or in another one. */
  openPage(options?: WidgetPageOptions, browser?: TestBrowser): Promise<WidgetPage>;
}

/**
 * What a file of widget tests needs: a server with an unsigned preset `open`, a host site and a browser.
 * `preset` adds to the preset what the tests look for.
 */
export function useWidgetPages({
  preset = {},
  server: options = {},
}: {
  readonly preset?: Readonly<Record<string, string | boolean>>;
  readonly server?: ServerOptions;
} = {}): WidgetPages {
  const server = useServer(options);
  const site = useHostSite(server);
  const ownBrowser = useChromium();
  beforeAll(async () => {
    await createClient(server).admin('POST', 'upload_presets', { name: 'open', unsigned: true, ...preset });
  });
  return { server, site, openPage: (given, browser = ownBrowser) => openWidgetPage(browser, site, given) };
}
