import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { toNodeHandler } from './adapters/node.js';
import { createSigner } from './create-signer.js';
import { explainSignature } from './explain/explain-signature.js';
import { readRefused } from './explain/read-refused.js';
import { uploadPolicy } from './policy/upload-policy.js';

test('a Host header that is no host is refused, and does not end the process', async () => {
  const sign = createSigner({
    credentials: 'cloudinary://key:secret@demo',
    authorize: () => ({}),
    policy: uploadPolicy(),
  });
  const server = createServer(toNodeHandler(sign)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: [\r\nOrigin: http://x.example\r\n\r\n');
  const [answer] = await once(socket, 'data');
  socket.destroy();
  server.close();
  expect(String(answer)).toMatch(/^HTTP\/1\.1 403 /);
});

test.each([
  ['prefixes', uploadPolicy({ prefixes: { tags: ['user_42'] } })],
  ['patterns', uploadPolicy({ patterns: { tags: ['user_42*'] } })],
])('%s hold for every item of a list', (_, policy) => {
  const ask = (tags: string) =>
    policy.evaluate({ source: 'uw', timestamp: '1000', tags }, { nowSeconds: 1000, amend: false }).outcome;
  expect(ask('user_42,user_42b')).toBe('allow');
  expect(ask('user_42,admin')).toBe('refuse');
});

test('a lone surrogate can be explained', () => {
  const fields = [
    ['signature', 'a'.repeat(40)],
    ['timestamp', '1000'],
    ['tags', '\ud800'],
  ] as const;
  const knownSecrets = [{ apiKey: 'k', secret: 's' }];
  expect(explainSignature({ fields, knownSecrets, nowSeconds: 1000 })).not.toEqual([]);
});

test('a HAR entry whose JSON body is broken is a problem of the text', () => {
  const postData = { text: '{bad' };
  const har = JSON.stringify({ request: { url: 'http://x.example/v1_1/demo/upload', postData } });
  expect(() => readRefused(har)).toThrow(TypeError);
});
