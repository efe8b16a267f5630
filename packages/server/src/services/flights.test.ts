import { describe, expect, it } from 'vitest';
import { createFlights } from './flights.js';

/** Counts holds the way an open file does. */
function counted() {
  const state = { holds: 0, started: 0 };
  const flights = createFlights<string>({
    share: (result) => {
      state.holds++;
      return result;
    },
    release: () => {
      state.holds--;
    },
  });
  return { flights, state };
}

function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('flights', () => {
  it('runs equal calls once and answers before storing', async () => {
    const { flights, state } = counted();
    const rendering = gate();
    const storing = gate();
    const work = async () => {
      state.started++;
      state.holds++;
      await rendering.opened;
      return { result: 'pixels', afterwards: () => storing.opened };
    };
    const callers = Array.from({ length: 100 }, () => flights.join('key', work));
    rendering.open();
    expect(await Promise.all(callers)).toEqual(Array(100).fill('pixels'));
    expect(await flights.join('key', work)).toBe('pixels');
    expect(state.started).toBe(1);
    expect(state.holds).toBe(102);

    let drained = false;
    const drain = flights.drain().then(() => {
      drained = true;
    });
    await Promise.resolve();
    expect(drained).toBe(false);
    storing.open();
    await drain;
    expect(state.holds).toBe(101);
    expect(flights.size()).toBe(0);
  });

  it('a caller that goes away does not kill the job for the others', async () => {
    const { flights } = counted();
    const rendering = gate();
    let aborted = false;
    const work = async (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      await rendering.opened;
      return { result: 'pixels' };
    };
    const leaver = new AbortController();
    const left = flights.join('key', work, leaver.signal);
    const stays = flights.join('key', work);
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(aborted).toBe(false);
    rendering.open();
    expect(await stays).toBe('pixels');
  });

  it('the last caller to leave stops the work, and a newcomer starts afresh', async () => {
    const { flights, state } = counted();
    const work = (signal: AbortSignal) => {
      state.started++;
      return new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const controllers = [new AbortController(), new AbortController()];
    const callers = controllers.map(({ signal }) => flights.join('key', work, signal));
    for (const controller of controllers) controller.abort(new Error('gone'));
    for (const caller of callers) await expect(caller).rejects.toThrow('gone');
    expect(flights.size()).toBe(0);
    expect(await flights.join('key', async () => ({ result: 'second' }))).toBe('second');
    expect(state.started).toBe(1);
  });

  it('passes a failure to everybody and keeps nothing', async () => {
    const { flights, state } = counted();
    const fail = async () => {
      throw new Error('no pixels');
    };
    const callers = [flights.join('key', fail), flights.join('key', fail)];
    for (const caller of callers) await expect(caller).rejects.toThrow('no pixels');
    expect(flights.size()).toBe(0);
    expect(state.holds).toBe(0);
  });

  it('a caller that is gone already starts nothing', async () => {
    const { flights, state } = counted();
    const work = async () => {
      state.started++;
      return { result: 'pixels' };
    };
    await expect(flights.join('key', work, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(state.started).toBe(0);
  });
});
