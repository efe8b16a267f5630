import { describe, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { nowSeconds, signParams } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';

/** The start page, its one-time address and the form that explains refused signatures. */

const server = useServer();
const printed = () => /^Start page: (\S+)$/m.exec(server.log())?.[1] ?? '';
const pasted = () => {
  const timestamp = nowSeconds();
  const signature = signParams({ timestamp, max_bytes: 5 }, testAccount.apiSecret);
  return `curl -F timestamp=${timestamp} -F max_bytes=5 -F api_key=${testAccount.apiKey} -F signature=${signature} http://x/v1_1/demo/image/upload`;
};
const explain = (headers: Record<string, string>, text = pasted()) =>
  send(server.url, {
    method: 'POST',
    path: '/console',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ request: text }).toString(),
  });
let cookie = '';

describe('the start page', () => {
  it('is there for everybody, without its tools', async () => {
    const page = await send(server.url, { path: '/' });
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('is running on');
    expect(page.text).not.toContain('<form');
    expect(page.text).not.toContain('<script');
    expect((await explain({})).status).toBe(401);
  });

  it('opens its tools once, by the printed address', async () => {
    const path = printed().slice(server.url.length);
    expect(path).toMatch(/^\/\?token=[\w-]{32}$/);
    expect((await send(server.url, { path: '/?token=wrong' })).headers['set-cookie']).toBeUndefined();
    const first = await send(server.url, { path });
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    const set = first.headers['set-cookie']?.[0] ?? '';
    expect(set).toMatch(/; HttpOnly; SameSite=Strict$/);
    cookie = set.split(';')[0] ?? '';
    expect((await send(server.url, { path })).headers['set-cookie']).toBeUndefined();
    expect((await send(server.url, { path: '/', headers: { Cookie: cookie } })).text).toContain('<form');
  });

  it('explains a refused request', async () => {
    const page = await explain({ Cookie: cookie, Origin: server.url });
    expect(page.text).toContain('<code>extra-parameter</code>: the client signed max_bytes');
    expect(page.text).not.toContain(testAccount.apiSecret);
    const hostile = await explain({ Cookie: cookie }, '<script>alert(1)</script>');
    expect(hostile.text).toContain('this is no curl line');
    expect(hostile.text).not.toContain('<script>');
  });

  it('is not used by other pages or under other names', async () => {
    for (const [name, value] of [
      ['Origin', 'https://evil.example'],
      ['Sec-Fetch-Site', 'cross-site'],
    ] as const) {
      expect((await explain({ Cookie: cookie, [name]: value })).status).toBe(401);
    }
    for (const Host of [
      'evil.example',
      `evil.example:${new URL(server.url).port}`,
      '127.0.0.1.evil.example',
    ]) {
      const answer = await send(server.url, { path: '/', headers: { Host } });
      expect([answer.status, answer.message]).toEqual([400, `Host ${Host} is not allowed here`]);
    }
    expect((await send(server.url, { path: '/', headers: { Host: 'localhost:1' } })).status).toBe(200);
  });
});

it('a refused signature is explained in the log, without secrets and values', async () => {
  const fields = { timestamp: nowSeconds(), folder: 'a-folder-name', api_key: testAccount.apiKey };
  const signature = signParams({ timestamp: fields.timestamp }, testAccount.apiSecret);
  const form = new URLSearchParams({
    ...fields,
    timestamp: String(fields.timestamp),
    signature,
    file: 'data:,x',
  });
  const answer = await send(server.url, {
    method: 'POST',
    path: '/v1_1/demo/raw/upload',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  expect(answer.status).toBe(401);
  await expect.poll(() => server.log()).toContain('signature refused');
  const line =
    server
      .log()
      .split('\n')
      .find((each) => each.includes('signature refused')) ?? '';
  expect(line).toContain('"code":"missing-parameter","parameter":"folder"');
  const expected = signParams({ timestamp: fields.timestamp, folder: fields.folder }, testAccount.apiSecret);
  for (const text of [testAccount.apiSecret, expected, fields.folder]) expect(line).not.toContain(text);
});
