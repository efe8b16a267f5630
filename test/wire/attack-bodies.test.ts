import { expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { useServer } from '../support/use-server.js';

/** Bodies that cost far more to read than to send, from somebody without credentials (threat model T6, T8). */

const server = useServer();
const client = createClient(server);
const megabytes = 1024 * 1024;

const filled = (head: string, unit: string, tail: string, bytes: number) =>
  head + unit.repeat(Math.floor(bytes / unit.length)) + tail;

it.each([
  ['numbers', filled('{"tags":[', '1,', '1]}', 8 * megabytes)],
  ['objects', filled('{"x":[', '{},', '{}]}', 8 * megabytes)],
  ['lists', filled('{"x":[', '[],', '[]]}', 8 * megabytes)],
  ['depth', `{"x":${'['.repeat(4 * megabytes)}${']'.repeat(4 * megabytes)}}`],
  ['members', filled('{', '"a":1,', '"a":1}', 8 * megabytes)],
])('JSON made of %s is refused before it is parsed', async (_, body) => {
  const startedAt = performance.now();
  const answer = await client.post('image/upload', {
    contentType: 'application/json',
    body: Buffer.from(body),
  });
  expect([answer.status, answer.message]).toEqual([400, expect.stringMatching(/^Malformed request body: /)]);
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});

it.each(['&', '=&', '&=&&'])('a form made of %j is refused by its number of pairs', async (unit) => {
  const body = Buffer.from(filled('', unit, '', 4 * megabytes));
  const startedAt = performance.now();
  const answer = await client.post('image/upload', {
    contentType: 'application/x-www-form-urlencoded',
    body,
  });
  expect([answer.status, answer.message]).toEqual([400, 'Too many parameters. Maximum is 2200']);
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});

it('a Content-Type that is none is refused in our own words', async () => {
  const answer = await client.post('image/upload', { contentType: ';;;', body: Buffer.from('a=b') });
  expect([answer.status, answer.message]).toEqual([400, 'Unsupported content type ;;;']);
  expect(answer.headers['x-cld-error']).toBe(answer.message);
});

it('as many rectangles as an image may have, and no more', async () => {
  const rectangles = (count: number) => Array(count).fill('0,0,1,1').join('|');
  const upload = (count: number) =>
    client.upload('data:,GIF89a', { face_coordinates: rectangles(count) }, { auth: 'basic' });
  expect((await upload(1000)).message).toBe('Invalid image file');
  expect((await upload(1001)).message).toBe('Invalid value 1001 rectangles for parameter face_coordinates');
});
