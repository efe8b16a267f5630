import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@counterseal/protocol';
import { describe, expect, test, vi } from 'vitest';
import { readChunks } from './read-chunks.js';

const watched = ['readable', 'end', 'close', 'error'];
const listenersOf = (stream: Readable) =>
  Object.fromEntries(watched.map((event) => [event, stream.listenerCount(event)]));

describe('readChunks', () => {
  test('listens once for a whole stream, however many chunks come one by one', async () => {
    const stream = new PassThrough();
    const added = vi.spyOn(stream, 'on');
    const before = listenersOf(stream);
    const texts: string[] = [];
    const reading = (async () => {
      for await (const chunk of readChunks(stream, { stallTimeoutMs: 5_000 })) texts.push(String(chunk));
    })();
    for (const text of ['a', 'b', 'c', 'd']) {
      stream.write(text);
      await sleep(5);
    }
    stream.end();
    await reading;
    expect(texts).toEqual(['a', 'b', 'c', 'd']);
    expect(added.mock.calls.filter(([event]) => event === 'readable')).toHaveLength(1);
    expect(listenersOf(stream)).toEqual(before);
  });

  test('leaves no listener behind when it is returned from, and goes on where it stopped', async () => {
    const stream = new PassThrough();
    const before = listenersOf(stream);
    const first = readChunks(stream, { stallTimeoutMs: 5_000 });
    const waiting = first.next();
    stream.write('one');
    expect(String((await waiting).value)).toBe('one');
    await first.return();
    expect(listenersOf(stream)).toEqual(before);
    expect(stream.destroyed).toBe(false);
    stream.end('two');
    const rest: string[] = [];
    for await (const chunk of readChunks(stream)) rest.push(String(chunk));
    expect(rest).toEqual(['two']);
  });

  test.each([
    ['waits', true],
    ['is in the caller’s hands', false],
  ])('leaves no listener behind when its signal aborts while it %s', async (_name, waits) => {
    const stream = new PassThrough();
    const before = listenersOf(stream);
    const controller = new AbortController();
    const chunks = readChunks(stream, { stallTimeoutMs: 5_000, signal: controller.signal });
    const pending = chunks.next();
    if (!waits) {
      stream.write('x');
      await pending;
    }
    expect(listenersOf(stream)).not.toEqual(before);
    controller.abort(new Error('enough'));
    expect(listenersOf(stream)).toEqual(before);
    await expect(waits ? pending : chunks.next()).rejects.toThrow('enough');
  });

  test('counts silence only while it waits, and from the beginning of each wait', async () => {
    const stream = new PassThrough();
    const chunks = readChunks(stream, { stallTimeoutMs: 80 });
    const first = chunks.next();
    stream.write('a');
    await first;
    await sleep(200);
    const second = chunks.next();
    await sleep(40);
    stream.write('b');
    expect(String((await second).value)).toBe('b');
    const startedAt = performance.now();
    const error = await chunks.next().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'request-timeout' });
    expect(performance.now() - startedAt).toBeGreaterThan(70);
  });

  test.each([
    ['while it waits', 0],
    ['between two reads', 30],
  ])('tells of a stream that breaks off %s', async (_name, pauseMs) => {
    const stream = new PassThrough();
    stream.on('error', () => undefined);
    const chunks = readChunks(stream);
    const first = chunks.next();
    stream.write('a');
    await first;
    const broken = { code: 'malformed-body' };
    const waiting = pauseMs === 0 ? expect(chunks.next()).rejects.toMatchObject(broken) : null;
    stream.destroy(new Error('gone'));
    await sleep(pauseMs);
    await (waiting ?? expect(chunks.next()).rejects.toMatchObject(broken));
  });

  test('reads a stream that is there already without waiting', async () => {
    const seen: string[] = [];
    for await (const chunk of readChunks(Readable.from([Buffer.from('x')], { objectMode: false })))
      seen.push(String(chunk));
    expect(seen).toEqual(['x']);
  });
});
