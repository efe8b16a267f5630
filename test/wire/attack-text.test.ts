import { describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { useServer } from '../support/use-server.js';

/** Text that no store takes, in every place where text can stand: refused by name, never an error of ours. */

const server = useServer();
const client = createClient(server);

const bad = {
  NUL: '%00',
  'a NUL inside': 'x%00y',
  'a line break': 'a%0d%0aX-Evil:%201',
  'C1 control': '%C2%85',
};

describe.each(Object.entries(bad))('%s in the path of', (_, text) => {
  it.each([
    ['GET', `/v1_1/${text}/ping`],
    ['POST', `/v1_1/${text}/delete_by_token`],
    ['POST', `/v1_1/demo/${text}/upload`],
    ['POST', `/v1_1/${text}/image/upload`],
    ['GET', `/v1_1/demo/resources/${text}`],
    ['GET', `/v1_1/demo/resources/image/tags/${text}`],
    ['GET', `/v1_1/demo/resources/image/upload/${text}`],
    ['GET', `/v1_1/demo/upload_presets/${text}`],
    ['PUT', `/v1_1/demo/upload_presets/${text}`],
    ['DELETE', `/v1_1/demo/upload_presets/${text}`],
    ['DELETE', `/v1_1/demo/transformations/${text}`],
    ['GET', `/v1_1/${text}/image/download`],
  ])('%s %s', async (method, path) => {
    const answer = await client.raw({ method, path, headers: { Authorization: client.basic } });
    expect([answer.status, answer.message]).toEqual([
      400,
      expect.stringMatching(/^Parameter \w+ contains characters that are not allowed$/),
    ]);
  });

  it.each([`/${text}/image/upload/x`, `/demo/image/upload/${text}`, `/demo/image/upload/t_${text}/x`])(
    'delivery %s',
    async (path) => {
      const { status, headers } = await client.deliver(path);
      expect([400, 404]).toContain(status);
      expect(headers['x-evil']).toBeUndefined();
    },
  );
});

it.each(['upload_presets', 'transformations'])('a cursor of %s', async (path) => {
  for (const name of ['a\0', '\ud800']) {
    const next_cursor = Buffer.from(JSON.stringify(name)).toString('base64url');
    expect((await client.admin('GET', path, { next_cursor })).status).toBe(400);
  }
});

it.each(['{"a":{"toString":1,"valueOf":1}}', '{"a":"\\u0000"}', '{"a":["b"]}'])(
  'context %s',
  async (context) => {
    const answer = await client.upload('data:,GIF89a', { context });
    expect([answer.status, answer.message]).toEqual([400, `Invalid value ${context} for parameter context`]);
  },
);
