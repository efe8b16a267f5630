import { describe, expect, test } from 'vitest';
import { minChunkBytes } from './chunks.js';
import { engineOnVirtualLink, fileOf } from './engine.test-support.js';
import { maxAttempts } from './retry.js';
import { quiet } from './virtual-link.test-support.js';

const hex = 'a'.repeat(64);

async function started(files = [fileOf(10)], options: Parameters<typeof engineOnVirtualLink>[0] = {}) {
  const made = engineOnVirtualLink(options);
  const added = made.engine.add(files);
  made.engine.start();
  await quiet();
  return {
    ...made,
    ids: added.map(({ id }) => id),
    statusOf: (at = 0) => made.engine.file(added[at]?.id ?? '')?.status,
  };
}

describe('queue', () => {
  test('three files at a time, one success each, then the end', async () => {
    const { link, engine, types } = await started(Array.from({ length: 5 }, () => fileOf(10)));
    expect(link.open).toHaveLength(3);
    while (link.open.length > 0) await link.open[0]?.answer(200);
    expect(types()).toEqual(['started', ...Array.from({ length: 5 }, () => 'success'), 'ended']);
    expect(engine.isIdle()).toBe(true);
    expect(link.all).toHaveLength(5);
  });

  test('an aborted file gives its place to the next and never succeeds', async () => {
    const { link, engine, ids, types, statusOf } = await started(Array.from({ length: 4 }, () => fileOf(10)));
    const [first] = link.open;
    engine.abort([ids[0] ?? '']);
    await first?.answer(200);
    expect(statusOf()).toBe('aborted');
    expect(types()).toEqual(['started', 'aborted']);
    expect(link.open).toHaveLength(3);
  });

  test('what was cleared says nothing any more', async () => {
    const { link, engine, types } = await started();
    const [first] = link.open;
    engine.clear();
    await first?.answer(200);
    expect(types()).toEqual(['started']);
  });
});

describe('retries', () => {
  test.each([420, 429, 500, 503])('%i is tried again after a pause', async (status) => {
    const { link, timers, types } = await started();
    await link.open[0]?.answer(status, { error: { message: 'busy' } });
    expect(link.open).toHaveLength(0);
    await timers.pass(30_000);
    await link.open[0]?.answer(200);
    expect(types()).toEqual(['started', 'success', 'ended']);
  });

  test.each([400, 401, 403, 404, 413])('%i is final, with the text of the server', async (status) => {
    const { link, timers, engine } = await started();
    await link.open[0]?.answer(status, { error: { message: 'No' } });
    await timers.pass(600_000);
    expect(link.all).toHaveLength(1);
    expect(engine.files()[0]).toMatchObject({ status: 'failed', failure: { status, message: 'No' } });
  });

  test('Retry-After is the least pause', async () => {
    const { link, timers } = await started();
    await link.open[0]?.answer(420, {}, { 'Retry-After': '60' });
    await timers.pass(59_000);
    expect(link.open).toHaveLength(0);
    await timers.pass(1_000);
    expect(link.open).toHaveLength(1);
  });

  test('a link that keeps failing is given up', async () => {
    const { link, timers, engine } = await started();
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      await link.open[0]?.cut();
      await timers.pass(60_000);
    }
    expect(link.all).toHaveLength(maxAttempts);
    expect(engine.files()[0]).toMatchObject({ status: 'failed', failure: { kind: 'network' } });
  });

  test('being offline is no try: it waits for the link', async () => {
    const { link, timers, statusOf, types } = await started();
    await link.plug(false);
    await timers.pass(3_600_000);
    expect(statusOf()).toBe('offline');
    await link.plug(true);
    await link.open[0]?.answer(200);
    expect(types()).toEqual(['started', 'success', 'ended']);
  });
});

describe('chunks', () => {
  const size = 2 * minChunkBytes + 7;
  const ranges = [
    `bytes 0-${minChunkBytes - 1}/${size}`,
    `bytes ${minChunkBytes}-${2 * minChunkBytes - 1}/${size}`,
  ];

  test('a large file goes in parts under one upload id', async () => {
    const { link, types } = await started([fileOf(size)]);
    while (link.open.length > 0)
      await link.open[0]?.answer(200, { done: link.all.length === 3, public_id: 'x' });
    expect(link.all.map(({ headers }) => headers['Content-Range'])).toEqual([
      ...ranges,
      `bytes ${2 * minChunkBytes}-${size - 1}/${size}`,
    ]);
    expect(new Set(link.all.map(({ headers }) => headers['X-Unique-Upload-Id'])).size).toBe(1);
    expect(link.all.map(({ file }) => (typeof file === 'string' ? 0 : file.size))).toEqual([
      minChunkBytes,
      minChunkBytes,
      7,
    ]);
    expect(types()).toEqual(['started', 'confirmed', 'confirmed', 'success', 'ended']);
  });

  test('a pause keeps what is on the server', async () => {
    const { link, engine, ids } = await started([fileOf(size)]);
    await link.open[0]?.answer(200, { done: false });
    engine.pause(ids[0] ?? '');
    await quiet();
    expect(link.open).toHaveLength(0);
    expect(engine.files()[0]).toMatchObject({ status: 'paused', sentBytes: minChunkBytes });
    engine.resume(ids[0] ?? '');
    await quiet();
    expect(link.open[0]?.request.headers['Content-Range']).toBe(ranges[1]);
  });

  test('only the part that failed is sent again', async () => {
    const { link, timers } = await started([fileOf(size)]);
    await link.open[0]?.answer(200, { done: false });
    await link.open[0]?.cut();
    await timers.pass(60_000);
    expect(link.all.map(({ headers }) => headers['Content-Range'])).toEqual([
      ranges[0],
      ranges[1],
      ranges[1],
    ]);
  });

  test('a last answer that is not done is a failure', async () => {
    const { link, engine } = await started([fileOf(size)]);
    while (link.open.length > 0) await link.open[0]?.answer(200, { done: false });
    expect(engine.files()[0]?.failure?.message).toMatch(/every part/);
  });

  test('a file from an earlier page waits, then goes on', async () => {
    const { link, engine } = await started([
      { ...fileOf(size), resume: { uploadId: 'earlier', nextByte: minChunkBytes } },
    ]);
    expect(link.open).toHaveLength(0);
    engine.resume(engine.files()[0]?.id ?? '');
    await quiet();
    expect(link.open[0]?.request.headers).toEqual({
      'X-Unique-Upload-Id': 'earlier',
      'Content-Range': ranges[1],
    });
  });
});

describe('a manual retry', () => {
  const size = 2 * minChunkBytes;
  const rangesOf = (link: { all: readonly { headers: Readonly<Record<string, string>> }[] }) =>
    link.all.map(({ headers }) => headers['Content-Range']?.split('/')[0]);

  test('begins anew, under a new id and signature, after a refusal', async () => {
    const { link, engine, ids } = await started([fileOf(size)]);
    await link.open[0]?.answer(200, { done: false });
    await link.open[0]?.answer(400, { error: { message: 'No' } });
    engine.retry([ids[0] ?? '']);
    await quiet();
    const [first, , again] = link.all.map(({ headers }) => headers['X-Unique-Upload-Id']);
    expect(rangesOf(link)[2]).toBe(rangesOf(link)[0]);
    expect(again).not.toBe(first);
  });

  test('goes on where it was after the link failed', async () => {
    const { link, engine, ids, timers } = await started([fileOf(size)]);
    await link.open[0]?.answer(200, { done: false });
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      await link.open[0]?.cut();
      await timers.pass(60_000);
    }
    engine.retry([ids[0] ?? '']);
    await quiet();
    expect(rangesOf(link).at(-1)).toBe(rangesOf(link)[1]);
  });

  test('what never started has no end either', () => {
    const { engine, types } = engineOnVirtualLink();
    const [file] = engine.add([fileOf(1)]);
    engine.abort([file?.id ?? '']);
    expect(types()).toEqual(['aborted']);
  });
});

describe('signatures', () => {
  test('one per upload, made again when it would be stale', async () => {
    const asked: string[] = [];
    const sign = async (params: Readonly<Record<string, string>>) => {
      asked.push(params.timestamp ?? '');
      return { signature: hex };
    };
    const signing = { mode: 'function' as const, apiKey: 'key', sign, timeoutMs: 1000 };
    const { link, timers } = await started([fileOf(3 * minChunkBytes)], { signing });
    await link.open[0]?.answer(200, { done: false });
    expect(asked).toHaveLength(1);
    await timers.pass(3_100_000);
    await link.open[0]?.answer(200, { done: false });
    expect(asked).toHaveLength(2);
    expect(link.all.map(({ fields }) => Object.fromEntries(fields).timestamp)).toEqual([
      asked[0],
      asked[0],
      asked[1],
    ]);
  });

  test.each([
    ['an empty answer', async () => ({ signature: '' }), /did not sign/],
    ['an answer that is no signature', async () => ({ signature: '<html>' }), /40 or 64 hex digits/],
    ['an exception', async () => Promise.reject(new Error('signed out')), /signed out/],
    ['silence', () => new Promise<never>(() => {}), /in time/],
  ])('%s is a failure, and nothing is sent', async (_name, sign, message) => {
    const signing = { mode: 'function' as const, apiKey: 'key', sign, timeoutMs: 1000 };
    const { link, timers, engine } = await started([fileOf(10)], { signing });
    await timers.pass(1000);
    expect(link.all).toHaveLength(0);
    expect(engine.files()[0]).toMatchObject({
      status: 'failed',
      failure: { message: expect.stringMatching(message) },
    });
  });

  test('a signature made with the page dies after an hour', async () => {
    const signing = {
      mode: 'string' as const,
      signature: hex,
      timestampSeconds: 1_700_000_000 - 3600,
      apiKey: 'key',
    };
    const { link, engine } = await started([fileOf(10)], { signing });
    expect(link.all).toHaveLength(0);
    expect(engine.files()[0]?.failure).toMatchObject({
      kind: 'signature',
      message: expect.stringMatching(/hour/),
    });
  });
});

test('speed and time left come from the bytes that left', async () => {
  const { link, timers, engine } = await started([fileOf(1_000_000)]);
  await timers.pass(1000);
  link.open[0]?.progress(0.25);
  await timers.pass(1000);
  link.open[0]?.progress(0.5);
  expect(engine.bytesPerSecond()).toBe(250_000);
  expect(engine.timeLeftMs()).toBe(2000);
});
