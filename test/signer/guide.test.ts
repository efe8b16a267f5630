import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasCommand, runCommand } from '../support/commands.js';
import { blocksOf } from '../support/doc-blocks.js';
import { counterseal } from '../support/keys.js';
import { plain } from '../support/pictures.js';
import { testAccount } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';

/* The pages about the signer: the code they show is the code that runs, and the attack they describe is real. */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const guide = readFileSync(here('../../docs/guides/signing-uploads-safely.md'), 'utf8');
const readme = readFileSync(here('../../packages/signer/README.md'), 'utf8');

describe.each([
  ['the guide', guide],
  ['the README', readme],
])('%s', (_, page) => {
  test.each([...blocksOf(page)].filter(([name]) => name.endsWith('.mjs')))(
    'shows %s as it runs',
    (name, code) => {
      expect(code).toBe(readFileSync(here(`examples/${name}`), 'utf8'));
      expect(code.trim().split('\n').length).toBeLessThan(15);
    },
  );
});

test('the policy file of the guide can be used, and the published schema is that of the code', async () => {
  const folder = await tmpDir();
  const path = join(folder.path, 'sign-policy.json');
  await writeFile(path, blocksOf(guide).get('sign-policy.json') ?? '');
  const command = here('../../packages/cli/dist/main.js');
  const checked = await runCommand(process.execPath, [command, 'sign-policy', 'check', path, '--json']);
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, warnings: [] });
  const { stdout } = await runCommand(process.execPath, [command, 'sign-policy', 'schema']);
  expect(JSON.parse(stdout)).toEqual(
    JSON.parse(readFileSync(here('../../docs/sign-policy.schema.json'), 'utf8')),
  );
  await folder.remove();
});

describe.skipIf(!hasCommand('curl'))('the attack of the guide', () => {
  const server = useServer();
  const apps: Server[] = [];
  beforeAll(() => {
    const { apiKey, apiSecret, cloud } = testAccount;
    process.env.CLOUDINARY_URL = `cloudinary://${apiKey}:${apiSecret}@${cloud}?upload_prefix=${server.url}`;
  });
  afterAll(() => {
    for (const app of apps) app.close();
  });

  async function attack(example: string): Promise<string> {
    const { app }: { app: RequestListener } = await import(`./examples/${example}.mjs`);
    const listening = createServer(app);
    apps.push(listening);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    const script = (blocksOf(guide).get('attack') ?? '')
      .replaceAll('http://localhost:3000', at)
      .replaceAll('http://127.0.0.1:8420', server.url);
    const onceMore = async () => {
      const { stdout } = await runCommand('sh', ['-c', script], {
        env: { ...process.env, KEY: testAccount.apiKey },
      });
      return stdout.trim();
    };
    const first = await onceMore();
    return first.includes('Invalid Signature') ? onceMore() : first;
  }

  async function uploadLogo(): Promise<void> {
    const folder = await tmpDir();
    const path = join(folder.path, 'logo.png');
    await writeFile(path, await plain(4, 4));
    const { apiKey, apiSecret, cloud } = testAccount;
    const command = here('../../packages/cli/dist/main.js');
    const { code, stderr } = await runCommand(
      process.execPath,
      [command, 'upload', path, '--public-id', 'logo'],
      {
        env: {
          ...process.env,
          CLOUDINARY_URL: `cloudinary://${apiKey}:${apiSecret}@${cloud}?upload_prefix=${server.url}`,
        },
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await folder.remove();
  }

  test('works against the endpoint of the tutorials', async () => {
    await uploadLogo();
    expect(await attack('tutorial')).toBe('{"result":"ok"} 404');
  });

  test('fails against ours', async () => {
    await uploadLogo();
    expect(await attack('express')).toMatch(/^\{"error":.*\} 200$/);
  });
});

describe('doctor and explain, on a real data folder', () => {
  const server = useServer();

  test('doctor finds secrets in built files, and never prints them', async () => {
    const folder = await tmpDir();
    const { apiKey, apiSecret, cloud } = testAccount;
    const minified = `${'x'.repeat(300_000)};const s="${apiSecret}";`;
    await writeFile(join(folder.path, 'app.js'), `// first line\n${minified}`);
    await writeFile(join(folder.path, 'env.js'), `fetch(); u="cloudinary://12345:abcdefgh@${cloud}"`);
    await writeFile(join(folder.path, 'docs.html'), 'cloudinary://KEY:SECRET@CLOUD');
    const basic = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
    await writeFile(join(folder.path, 'basic.txt'), `Authorization: Basic ${basic}`);
    const command = here('../../packages/cli/dist/main.js');
    const args = ['doctor', folder.path, '--data', server.data, '--server', server.url];
    const { code, stdout, stderr } = await runCommand(process.execPath, [command, ...args]);
    expect(code).toBe(1);
    expect(
      stdout
        .split('\n')
        .filter((line) => line.includes(': holds '))
        .sort(),
    ).toEqual([
      `app.js:2: holds the secret of key ${apiKey}`,
      `basic.txt:1: holds the Basic credentials of key ${apiKey}`,
      'env.js:1: holds a cloudinary://KEY:SECRET@CLOUD address',
    ]);
    expect(stdout).toContain(`clocks agree with ${server.url}`);
    for (const secret of [apiSecret, 'abcdefgh', basic]) expect(stdout + stderr).not.toContain(secret);
    await writeFile(join(folder.path, 'clean.js'), '1');
    await folder.remove();
  });

  test('explain reads what is pasted, and compares with the keys of the folder', async () => {
    const made = await counterseal<{ api_key: string; api_secret: string }>(server.data, ['keys', 'create']);
    const folder = await tmpDir();
    const path = join(folder.path, 'refused.txt');
    const timestamp = Math.floor(Date.now() / 1000);
    const signed = await runCommand(process.execPath, [
      here('../../packages/cli/dist/main.js'),
      'sign',
      `timestamp=${timestamp}`,
      made.api_secret,
    ]);
    const line = `curl -F timestamp=${timestamp} -F api_key=${testAccount.apiKey} -F signature=${signed.stdout.trim()} ${server.url}/v1_1/demo/image/upload`;
    await writeFile(path, line);
    const { findings } = await counterseal<{ findings: { code: string; message: string }[] }>(server.data, [
      'explain',
      path,
    ]);
    expect(findings[0]).toMatchObject({
      code: 'wrong-secret',
      message: expect.stringContaining(made.api_key),
    });
    await folder.remove();
  });
});
