import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { mebibyte } from '../support/chunks.js';
import { createClient } from '../support/client.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';

/** The official Node SDK, unmodified, in a process of its own: it chooses http or https when it is loaded. */

const server = useServer();
const client = createClient(server);
const bytes = randomBytes(13 * mebibyte + 7);
let path: string;
beforeAll(async () => {
  path = join(server.data, 'large-file.bin');
  await writeFile(path, bytes);
});

async function sdk(script: string): Promise<Record<string, unknown>> {
  const { apiKey, apiSecret, cloud } = testAccount;
  const program = `
    const { v2: cloudinary } = require('cloudinary');
    const fs = require('node:fs');
    const path = ${JSON.stringify(path)};
    const done = (error, result) => process.stdout.write(JSON.stringify(error ?? result));
    ${script}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
    env: {
      PATH: process.env.PATH,
      CLOUDINARY_URL: `cloudinary://${apiKey}:${apiSecret}@${cloud}?upload_prefix=${encodeURIComponent(server.url)}`,
    },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

const stored = {
  bytes: bytes.length,
  etag: createHash('md5').update(bytes).digest('hex'),
  resource_type: 'raw',
  done: true,
};
const options = `chunk_size: ${5 * mebibyte}`;

it.each([
  ['upload_large', `cloudinary.uploader.upload_large(path, { ${options} }, done);`, {}],
  [
    'upload_large with parameters',
    `cloudinary.uploader.upload_large(path, { ${options}, public_id: 'sdk/large', tags: ['a', 'b'] }, done);`,
    { public_id: 'sdk/large', tags: ['a', 'b'] },
  ],
  [
    'upload_chunked',
    `cloudinary.uploader.upload_chunked(path, { ${options}, resource_type: 'raw', chunk_size: 6000000 }, done);`,
    {},
  ],
  [
    'upload_chunked_stream',
    `fs.createReadStream(path).pipe(cloudinary.uploader.upload_chunked_stream({ ${options}, resource_type: 'raw' }, done));`,
    {},
  ],
  [
    'upload_large_stream, which the first version of the interface has only',
    `const { uploader } = require('cloudinary');
    fs.createReadStream(path).pipe(uploader.upload_large_stream(null, (result) => done(null, result), { ${options} }));`,
    {},
  ],
])('%s', async (_, script, more) => {
  const result = await sdk(script);
  expect(result).toMatchObject({ ...stored, ...more });
  const delivered = await client.deliver(String(result.url));
  expect(delivered.bytes.equals(bytes)).toBe(true);
});

it('tells what is wrong with a chunk', async () => {
  const result = await sdk(`cloudinary.uploader.upload_large(path, { chunk_size: 1000000 }, done);`);
  expect(result).toMatchObject({
    http_code: 400,
    message: 'All parts except EOF-chunk must be larger than 5mb',
  });
});
