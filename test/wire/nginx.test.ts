import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { hasCommand } from '../support/commands.js';
import { blockOf } from '../support/doc-blocks.js';
import { send } from '../support/http.js';
import { plain } from '../support/pictures.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

const publicUrl = 'http://media.example.com';
const viewer = '127.0.4.1';

/** The lines of docs/guides/behind-a-proxy.md, in a real nginx. */
describe.skipIf(!hasCommand('nginx'))('the guide for nginx', () => {
  const server = useServer({ args: ['--trusted-proxies', '127.0.0.1/32', '--public-url', publicUrl] });
  let nginx: { readonly url: string; stop(): Promise<void> };
  beforeAll(async () => {
    nginx = await startNginx(blockOf('docs/guides/behind-a-proxy.md', 'nginx.conf'), server.url);
  });
  afterAll(() => nginx.stop());

  const inLog = (path: string) =>
    server
      .log()
      .split('\n')
      .find((line) => line.includes(path));

  it('uploads and delivers, a body over the megabyte that nginx takes by default included', async () => {
    const client = createClient(nginx);
    const noise = Buffer.alloc(3 * 1024 * 1024, 'counterseal');
    const file = await client.upload({ bytes: noise }, { public_id: 'big' }, { resourceType: 'raw' });
    expect(file.status).toBe(200);
    const picture = await client.upload({ bytes: await plain(40, 30) }, { eager: 'c_scale,w_20' });
    const { url, eager } = picture.json<UploadAnswer & { eager: { url: string }[] }>();
    for (const address of [url, eager[0]?.url ?? '']) {
      expect(address).toMatch(/^http:\/\/media\.example\.com\//);
      expect((await client.deliver(address)).status).toBe(200);
    }
  });

  it('says who the viewer is, whatever the viewer says', async () => {
    const path = '/v1_1/demo/resources/image/upload/looked-for';
    await send(nginx.url, { path, from: viewer, headers: { 'X-Forwarded-For': '198.51.100.1, 127.0.0.1' } });
    await expect.poll(() => inLog(path)).toBeDefined();
    expect(JSON.parse(inLog(path) ?? '')).toMatchObject({ client: viewer });
  });

  it('shows the start page under the public name, and under no other', async () => {
    const page = (host: string) => send(nginx.url, { path: '/', headers: { Host: host } });
    expect((await page('media.example.com')).status).toBe(200);
    expect((await page('evil.example.com')).status).not.toBe(200);
  });
});

/** Starts it with the server block of the guide, of which ports and TLS are replaced. */
async function startNginx(block: string, to: string) {
  const folder = await tmpDir();
  const port = await freePort();
  const replaced = block
    .replace('127.0.0.1:8420', new URL(to).host)
    .replace('443 ssl', `127.0.0.1:${port}`)
    .replace(/^ *ssl_.*\n/gm, '');
  expect(replaced).not.toMatch(/8420|ssl/);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const lines = temporary.map((name) => `${name}_temp_path ${join(folder.path, name)};`).join('\n');
  const path = join(folder.path, 'nginx.conf');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await writeFile(
    path,
    `${user}
daemon off;
worker_processes 1;
pid ${join(folder.path, 'nginx.pid')};
error_log stderr notice;
events { worker_connections 64; }
http {
access_log off;
${lines}
${replaced}
}
`,
  );
  const child = spawn('nginx', ['-p', folder.path, '-c', path, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // It has bound its port before it writes this line.
  await new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('start worker process ')) resolve();
    });
    child.once('exit', () => reject(new Error(`nginx did not start:\n${log}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await folder.remove();
    },
  };
}

/** Free now; nginx cannot be asked which port it chose. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
