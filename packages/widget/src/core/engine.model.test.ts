import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minChunkBytes } from './chunks.js';
import { parallelUploads } from './engine.js';
import { engineOnVirtualLink, fileOf } from './engine.test-support.js';
import { quiet } from './virtual-link.test-support.js';

/*
 * The queue against a model that knows only what must hold: how a file may end, and what the server has of it. Any order of
 * adding, answering, cutting, pausing, aborting, retrying and unplugging must keep it.
 */
type Real = ReturnType<typeof engineOnVirtualLink>;

interface Model {
  added: number;
}

type Step = (real: Real, model: Model) => Promise<void> | void;

const nth = <Item>(items: readonly Item[], index: number) => items[index % Math.max(1, items.length)];
const idAt = (real: Real, index: number) => nth(real.engine.files(), index)?.id ?? 'none';

class Command implements fc.AsyncCommand<Model, Real> {
  readonly #name: string;
  readonly #step: Step;

  constructor(name: string, step: Step) {
    this.#name = name;
    this.#step = step;
  }

  check = () => true;

  async run(model: Model, real: Real): Promise<void> {
    await this.#step(real, model);
    await quiet();
    hold(real);
  }

  toString = () => this.#name;
}

/** What must be true after every step. */
function hold({ engine, link, events }: Real): void {
  expect(link.open.length).toBeLessThanOrEqual(parallelUploads);
  const files = engine.files();
  for (const file of files) {
    const successes = events.filter((event) => event.type === 'success' && event.file.id === file.id);
    expect(successes).toHaveLength(file.status === 'done' ? 1 : 0);
    expect(file.confirmedBytes).toBeLessThanOrEqual(file.size);
    expect(file.sentBytes).toBeGreaterThanOrEqual(file.status === 'aborted' ? 0 : file.confirmedBytes);
  }
  const open = files.some(({ status }) => !['done', 'failed', 'aborted'].includes(status));
  expect(engine.isIdle()).toBe(!open);
  const lastEdge = events.findLast(({ type }) => type === 'started' || type === 'ended');
  if (files.length > 0) expect(lastEdge?.type).toBe(open ? 'started' : 'ended');
  const edges = events.filter(({ type }) => type === 'started' || type === 'ended').map(({ type }) => type);
  expect(edges).toEqual(edges.map((_, index) => (index % 2 === 0 ? 'started' : 'ended')));
}

const index = fc.nat({ max: 7 });
const commands = [
  fc.record({ count: fc.integer({ min: 1, max: 4 }), parts: fc.integer({ min: 1, max: 3 }) }).map(
    ({ count, parts }) =>
      new Command(`add ${count} of ${parts}`, (real, model) => {
        if (model.added > 12) return;
        model.added += count;
        real.engine.add(Array.from({ length: count }, () => sized((parts - 1) * minChunkBytes + 5)));
        real.engine.start();
      }),
  ),
  fc.record({ index, status: fc.constantFrom(200, 200, 200, 400, 401, 420, 429, 500, 503) }).map(
    ({ index: at, status }) =>
      new Command(`answer ${at} ${status}`, async (real) => {
        const open = nth(real.link.open, at);
        await open?.answer(status, { done: isLast(open.request.headers['Content-Range']), public_id: 'x' });
      }),
  ),
  index.map((at) => new Command(`cut ${at}`, async (real) => nth(real.link.open, at)?.cut())),
  index.map((at) => new Command(`progress ${at}`, (real) => nth(real.link.open, at)?.progress(0.6))),
  index.map((at) => new Command(`pause ${at}`, (real) => real.engine.pause(idAt(real, at)))),
  index.map((at) => new Command(`resume ${at}`, (real) => real.engine.resume(idAt(real, at)))),
  index.map((at) => new Command(`abort ${at}`, (real) => real.engine.abort([idAt(real, at)]))),
  index.map((at) => new Command(`retry ${at}`, (real) => real.engine.retry([idAt(real, at)]))),
  fc.boolean().map((isOnline) => new Command(`plug ${isOnline}`, (real) => real.link.plug(isOnline))),
  fc.integer({ min: 1, max: 40_000 }).map((ms) => new Command(`pass ${ms}`, (real) => real.timers.pass(ms))),
];

test('any order of events leaves every file at one end, and its parts in one row', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), async (steps) => {
      const real = engineOnVirtualLink();
      await fc.asyncModelRun(() => ({ model: { added: 0 }, real }), steps);
      await finish(real);
      hold(real);
      expect(real.engine.isIdle()).toBe(true);
      expect(real.timers.waiting).toBe(0);
      partsAreInOrder(real);
    }),
    { numRuns: 150 },
  );
});

/** Plugs the link in, lets everything go on and answers it. */
async function finish(real: Real): Promise<void> {
  await real.link.plug(true);
  for (let turn = 0; turn < 400 && !real.engine.isIdle(); turn += 1) {
    for (const { id, status } of real.engine.files()) if (status === 'paused') real.engine.resume(id);
    await real.timers.pass(60_000);
    const [open] = real.link.open;
    await open?.answer(200, { done: isLast(open.request.headers['Content-Range']), public_id: 'x' });
  }
}

/** Under one upload id, a part starts where an earlier one ended, or is sent again. */
function partsAreInOrder({ link }: Real): void {
  const reached = new Map<string, number>();
  for (const { headers } of link.all) {
    const id = headers['X-Unique-Upload-Id'];
    const [, start = 0, end = 0] =
      /^bytes (\d+)-(\d+)\//.exec(headers['Content-Range'] ?? '')?.map(Number) ?? [];
    if (id === undefined) continue;
    expect(start).toBeLessThanOrEqual(reached.get(id) ?? 0);
    reached.set(id, Math.max(reached.get(id) ?? 0, end + 1));
  }
}

function isLast(contentRange: string | undefined): boolean {
  const [, end, total] = /-(\d+)\/(\d+)$/.exec(contentRange ?? '-0/1') ?? [];
  return Number(end) + 1 === Number(total);
}

/** A file without bytes: only its size matters here. */
function sized(size: number) {
  const content = { size, slice: (start: number, end: number) => sized(end - start).content };
  return { ...fileOf(0), size, content } as ReturnType<typeof fileOf>;
}
