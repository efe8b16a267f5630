import { createServer, validateHeaderValue } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '@counterseal/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliveryCors, deliveryPreflight, uploadCors, uploadPreflight } from './cors.js';
import { sendRaw } from './edge.test-support.js';
import {
  encodeErrorHeader,
  maxErrorHeaderCharacters,
  renderDeliveryError,
  renderError,
} from './render-error.js';

const hostile = new ApiError('not-found', { publicId: 'a\r\nSet-Cookie: x=1\r\n\r\n<b>\u00e9\u0000"' });

test('API errors: body and header say the same', () => {
  const error = new ApiError('invalid-signature', { signature: 'ab', stringToSign: 'a=b&c=%26' });
  expect(renderError(error)).toEqual({
    status: 401,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Cld-Error': "Invalid Signature ab. String to sign - 'a=b&c=%26'.",
    },
    body: `{"error":{"message":"Invalid Signature ab. String to sign - 'a=b&c=%26'."}}`,
  });
});

test('Retry-After in whole seconds, at least one', () => {
  const retryAfter = (retryAfterSeconds: number) =>
    renderError(new ApiError('busy', { seconds: 1 }, { retryAfterSeconds })).headers['Retry-After'];
  expect([retryAfter(0), retryAfter(1.2), retryAfter(5)]).toEqual(['1', '2', '5']);
});

test('delivery errors have no body, are not kept, and are readable across origins', () => {
  expect(renderDeliveryError(hostile)).toEqual({
    status: 404,
    headers: {
      'Cache-Control': 'private, no-cache, max-age=0',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'X-Cld-Error, Content-Length, ETag',
      'X-Cld-Error': 'Resource not found - a%0D%0ASet-Cookie: x=1%0D%0A%0D%0A<b>%C3%A9%00"',
    },
    body: '',
  });
});

test('on the wire there is one header block', async () => {
  const { status, headers, body } = renderError(hostile);
  const server = createServer((_, res) =>
    res.writeHead(status, { ...headers, 'Content-Length': body.length }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = await sendRaw((server.address() as AddressInfo).port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  server.close();
  expect(answer).not.toMatch(/^set-cookie/im);
  expect(answer.split('\r\n\r\n')).toHaveLength(2);
});

test('any text becomes a legal header value of bounded length', () => {
  const text = fc.string({ unit: 'binary', maxLength: 5000, size: 'max' });
  fc.assert(
    fc.property(text, (message) => {
      const encoded = encodeErrorHeader(message);
      validateHeaderValue('X-Cld-Error', encoded);
      expect(encoded).toMatch(/^[\x20-\x7e]*$/);
      expect(encoded.length).toBeLessThanOrEqual(maxErrorHeaderCharacters);
    }),
  );
  expect(encodeErrorHeader('\ud800')).toBe('%EF%BF%BD');
  expect(encodeErrorHeader('a'.repeat(3000))).toMatch(/^a{2045}\.\.\.$/);
});

test('CORS never speaks of credentials, and the Upload API does not invite Authorization', () => {
  for (const headers of [uploadCors(), uploadPreflight(), deliveryCors(), deliveryPreflight()]) {
    expect(headers['Access-Control-Allow-Origin']).toBe('*');
    expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
  }
  const allowed = uploadPreflight()['Access-Control-Allow-Headers'];
  expect(allowed).toBe(
    'X-Requested-With, Content-Type, Accept, X-Unique-Upload-Id, Content-Range, DPR, Viewport-Width, Width',
  );
});
