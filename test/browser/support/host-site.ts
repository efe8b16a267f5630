import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiSignRequest } from '@counterseal/protocol';
import { afterAll, beforeAll } from 'vitest';
import { testAccount } from '../../support/start-server.js';

export interface HostSite {
  readonly url: string;
  /** What was asked of `/sign`, oldest first. */
  readonly signed: Readonly<Record<string, string>>[];
  /** Answers an address from now on; one that ends in a slash stands for everything below it. */
  serve(path: string, answer: (req: IncomingMessage, res: ServerResponse) => void): void;
}

const byLength = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]) =>
  left.length - right.length;

/** What a page may do here: our script, our server, nothing inline. The whole suite runs under it. */
const policy = (server: string) =>
  [
    "default-src 'none'",
    `script-src 'self' ${server}`,
    `connect-src 'self' ${server}`,
    `img-src 'self' blob: ${server}`,
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

const pageScript = `
'use strict';
window.events = []; window.errors = []; window.violations = []; window.pageErrors = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));
addEventListener('error', (event) => pageErrors.push(String(event.message)));
addEventListener('unhandledrejection', (event) => pageErrors.push(String(event.reason)));
window.told = (error, result) => {
  if (error) errors.push(error);
  events.push(result);
};
`;

/** A page on an origin of its own, as pages that embed the widget are: uploads cross origins, and the policy is strict. */
export function useHostSite(server: { readonly url: string }): HostSite {
  const routes = new Map<string, (req: IncomingMessage, res: ServerResponse) => void>();
  const signed: Record<string, string>[] = [];
  let site: Server | null = null;
  let url = '';

  const html = (
    extra = '',
  ) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/page.css"><script src="${server.url}/widgets/upload.js"></script><script src="/page.js"></script></head>
<body><main><h1>Host page</h1><form id="form"><button type="button" id="opener">Upload</button></form>
<div id="place"></div><p class="tall">Text</p>${extra}</main></body></html>`;

  beforeAll(async () => {
    site = createServer((req, res) => {
      const path = (req.url ?? '/').split('?')[0] ?? '/';
      const isBelow = ([at]: readonly [string, unknown]) => at.endsWith('/') && path.startsWith(at);
      const own = routes.get(path) ?? [...routes].filter(isBelow).sort(byLength).at(-1)?.[1];
      if (own !== undefined) return own(req, res);
      if (path === '/page.js') return send(res, 'text/javascript', pageScript);
      if (path === '/page.css')
        return send(res, 'text/css', '.tall { height: 3000px } body { font-family: sans-serif }');
      if (path === '/sign') return void answerSign(req, res, signed);
      if (path === '/favicon.ico') return send(res, 'image/x-icon', '');
      if (path !== '/' && path !== '/plain') return send(res, 'text/plain', 'not here', 404);
      const headers: Record<string, string> =
        path === '/' ? { 'Content-Security-Policy': policy(server.url) } : {};
      send(res, 'text/html; charset=utf-8', html(), 200, headers);
    });
    const listening = once(site.listen(0, '127.0.0.1'), 'listening');
    await listening;
    url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    site?.closeAllConnections();
    await new Promise((resolve) => site?.close(resolve));
  });

  return {
    get url() {
      return url;
    },
    signed,
    serve: (path, answer) => routes.set(path, answer),
  };
}

export function send(
  res: ServerResponse,
  type: string,
  body: string | Uint8Array,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  res.writeHead(status, { 'Content-Type': type, ...headers });
  res.end(body);
}

/** A signing endpoint as pages have it: reads `paramsToSign`, answers the signature. */
async function answerSign(
  req: IncomingMessage,
  res: ServerResponse,
  signed: Record<string, string>[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const { paramsToSign } = JSON.parse(Buffer.concat(chunks).toString()) as {
    paramsToSign: Record<string, string>;
  };
  signed.push(paramsToSign);
  const signature = apiSignRequest(paramsToSign, testAccount.apiSecret, 'sha256');
  send(res, 'application/json', JSON.stringify({ signature, api_key: testAccount.apiKey }));
}
