import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { apiSignRequest } from '@counterseal/protocol';
import { describe, expect, test } from 'vitest';
import { parseCloudinaryUrl } from './cloudinary-url.js';
import { firstRunLines } from './first-run.js';

const url = 'http://127.0.0.1:8420';
const accounts = [
  { cloud: 'demo', apiKey: '123456789012345', apiSecret: 'aB-_9', samplePath: '/srv/sample.jpg' },
  {
    cloud: 'demo',
    apiKey: 'k',
    apiSecret: 'it\'s $HOME "%s" \\ &|;`id`',
    samplePath: "/tmp/a folder, it's;x/sample.jpg",
  },
];

describe.each(accounts)('first run of $apiKey', (account) => {
  const lines = firstRunLines(url, account);
  const curls = lines.filter((line) => line.startsWith('curl '));

  test('has the account on a line of its own', () => {
    const line = lines.find((each) => each.startsWith('CLOUDINARY_URL='));
    expect(parseCloudinaryUrl(line?.slice('CLOUDINARY_URL='.length) ?? null)).toEqual({
      cloud: account.cloud,
      apiKey: account.apiKey,
      apiSecret: account.apiSecret,
      uploadPrefix: url,
    });
    expect(lines).toContain("SDK options for delivery URLs: { secure: false, cname: '127.0.0.1:8420' }");
  });

  test('has a Basic line that a shell reads right', async () => {
    const args = await curlArguments(curls[0] ?? '');
    expect(args.slice(0, 2)).toEqual(['-u', `${account.apiKey}:${account.apiSecret}`]);
    expect(args.at(-1)).toBe(`${url}/v1_1/demo/image/upload`);
  });

  test('has a line that signs with the time of the shell', async () => {
    const args = await curlArguments(curls[1] ?? '');
    const fields = Object.fromEntries(
      args.filter((_, index) => args[index - 1] === '-F').map((field) => field.split(/=(.*)/s).slice(0, 2)),
    ) as Record<string, string>;
    const { timestamp = '', signature, api_key, eager = '', file } = fields;
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(10);
    expect({ api_key, signature }).toEqual({
      api_key: account.apiKey,
      signature: apiSignRequest({ eager, timestamp }, account.apiSecret, 'sha256'),
    });
    const quoted = /[,;"\\]/.test(account.samplePath);
    expect(file).toBe(quoted ? `@"${account.samplePath}"` : `@${account.samplePath}`);
  });
});

/** What curl would be called with, as a real shell splits the line. */
async function curlArguments(line: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${line}`]);
  return stdout.split('\0').slice(0, -1);
}
