import { beforeAll, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';

/** `allowed_formats` of an unsigned preset looks at bytes, whatever path and name a stranger chooses (threat model S12, T13). */

const server = useServer();
const client = createClient(server);
beforeAll(async () => {
  await client.admin('POST', 'upload_presets', {
    name: 'pictures',
    unsigned: true,
    allowed_formats: 'png,jpg',
  });
  await client.admin('POST', 'upload_presets', { name: 'notes', unsigned: true, allowed_formats: 'txt,csv' });
});

const upload = (preset: string, resourceType: string, filename: string, bytes: Buffer) =>
  client.upload({ bytes, filename }, { upload_preset: preset }, { auth: 'none', resourceType });

const script = Buffer.from('#!/bin/sh\nexit 1\n');

it.each(['raw', 'auto'])('text with the name of a picture is none (%s)', async (resourceType) => {
  for (const filename of ['a.png', 'a.PNG', 'a.jpeg']) {
    const answer = await upload('pictures', resourceType, filename, script);
    expect([answer.status, answer.message]).toEqual([400, 'An unknown file format not allowed']);
  }
});

it('what it is not, a name says still', async () => {
  expect((await upload('pictures', 'raw', 'a.txt', script)).message).toBe('Raw file format txt not allowed');
  expect((await upload('notes', 'raw', 'a.txt', script)).status).toBe(200);
  expect((await upload('pictures', 'raw', 'a.txt', await plain(2, 2))).status).toBe(200);
});
