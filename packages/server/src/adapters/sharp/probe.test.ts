import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { animatedGif, noise } from './hostile-files.test-support.js';
import { probe } from './probe.js';
import { bmp, ico, mp4, wav } from './small-files.test-support.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-'));
});
afterAll(() => rm(folder, { recursive: true }));

const probeBytes = async (bytes: Buffer | string, verify = true) => {
  const inputPath = join(folder, 'file');
  await writeFile(inputPath, bytes);
  const deadlines: string[] = [];
  return { ...(await probe({ inputPath, verify }, (deadline) => deadlines.push(deadline))), deadlines };
};
const picture = () => noise(30, 20);
const facts = { width: 30, height: 20, pages: 1, orientation: 1, hasAlpha: false };

describe('probe', () => {
  it.each([
    ['jpg', () => picture().jpeg()],
    ['png', () => picture().png()],
    ['webp', () => picture().webp()],
    ['avif', () => picture().avif({ effort: 0 })],
    ['tiff', () => picture().tiff()],
    ['gif', () => picture().gif()],
  ])('%s', async (format, make) => {
    expect(await probeBytes(await make().toBuffer())).toEqual({
      kind: 'image',
      format,
      decodable: true,
      media: { ...facts, hasAlpha: format === 'gif' ? expect.any(Boolean) : false },
      deadlines: [],
    });
  });

  it.each([
    ['plain', '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'],
    [
      'with a prologue',
      '\ufeff<?xml version="1.0"?>\n<!-- <html> --><svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>',
    ],
    ['with a prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="30" height="20"/>'],
    ['with only a view box', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"/>'],
  ])('svg, %s', async (_, text) => {
    expect(await probeBytes(text)).toEqual({
      kind: 'image',
      format: 'svg',
      decodable: true,
      media: { ...facts, hasAlpha: true },
      deadlines: ['svg'],
    });
  });

  it('an animation has pages, and more time', async () => {
    expect(await probeBytes(await animatedGif(5, 20))).toMatchObject({
      format: 'gif',
      media: { width: 20, height: 20, pages: 5 },
      deadlines: ['animated'],
    });
  });

  it.each([
    ['bmp', bmp(30, 20), facts],
    ['bmp, top down', bmp(30, -20), facts],
    ['ico', ico([16, 256, 32]), { ...facts, width: 256, height: 256, pages: 3, hasAlpha: true }],
  ])('%s is stored, not decoded', async (name, bytes, media) => {
    const format = name.slice(0, 3);
    expect(await probeBytes(bytes)).toMatchObject({ kind: 'image', format, decodable: false, media });
  });

  it('a header that cannot be read gives no facts, and with verify an error', async () => {
    const broken = (await picture().jpeg().toBuffer()).subarray(0, 40);
    expect(await probeBytes(broken, false)).toMatchObject({ kind: 'image', format: 'jpg', media: null });
    await expect(probeBytes(broken)).rejects.toMatchObject({ name: 'UndecodableError' });
  });

  it('one changed byte in the last rows is found', async () => {
    const png = await sharp(await picture().raw().toBuffer(), { raw: { width: 30, height: 20, channels: 3 } })
      .png()
      .toBuffer();
    const at = png.length - 30;
    png[at] = (png[at] ?? 0) ^ 1;
    await expect(probeBytes(png)).rejects.toMatchObject({ name: 'UndecodableError' });
  });

  it.each([0, 90] as const)('mp4, turned by %i', async (rotation) => {
    const upright = rotation === 0 ? { width: 640, height: 352 } : { width: 352, height: 640 };
    expect(await probeBytes(mp4(rotation))).toMatchObject({
      kind: 'video',
      format: 'mp4',
      decodable: false,
      media: {
        ...upright,
        pages: 0,
        video: {
          audio: {},
          video: {
            codec: 'h264',
            level: 30,
            profile: 'Constrained Baseline',
            pix_format: 'yuv420p',
            bit_rate: expect.stringMatching(/^\d+$/),
            dar: rotation === 0 ? '20:11' : '11:20',
            time_base: expect.stringMatching(/^1\/\d+$/),
          },
          is_audio: false,
          frame_rate: 25,
          duration: 2,
          rotation,
          nb_frames: 50,
        },
      },
    });
  });

  it('wav is audio of type video', async () => {
    expect(await probeBytes(wav())).toMatchObject({
      kind: 'video',
      format: 'wav',
      media: {
        width: 0,
        height: 0,
        video: {
          audio: {
            codec: 'pcm',
            bit_rate: '1536000',
            frequency: 48_000,
            channels: 2,
            channel_layout: 'stereo',
          },
          video: {},
          is_audio: true,
          duration: 1,
          bit_rate: expect.any(Number),
        },
      },
    });
  });

  it('a video that cannot be read has no facts', async () => {
    const broken = Buffer.concat([mp4().subarray(0, 32), Buffer.alloc(500, 7)]);
    expect(await probeBytes(broken)).toMatchObject({ kind: 'video', format: 'mp4', media: null });
  });
});
