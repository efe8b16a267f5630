import { describe, expect, it } from 'vitest';
import { maxJsonHeldBytes } from './limits.js';
import { readJson } from './read-json.js';

const mebibyte = Buffer.alloc(1024 * 1024, 0x20);

describe('the budget of JSON bodies', () => {
  it('refuses more than all may hold together, and is whole again afterwards', async () => {
    let held = 0;
    let release: () => void = () => {};
    const full = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* holding() {
      for (let bytes = 0; bytes < 60 * mebibyte.length; bytes += mebibyte.length) {
        held += mebibyte.length;
        yield mebibyte;
      }
      await full;
    }
    const holders = Array.from({ length: 4 }, () => readJson(holding()));
    while (held < 240 * mebibyte.length) await new Promise((resolve) => setImmediate(resolve));
    async function* another() {
      for (let bytes = held; bytes <= maxJsonHeldBytes; bytes += mebibyte.length) yield mebibyte;
    }
    await expect(readJson(another())).rejects.toMatchObject({
      code: 'busy',
      status: 420,
      retryAfterSeconds: 5,
    });
    release();
    // So much space is refused for itself once it is there, which shows that it was let in.
    const letIn = { code: 'field-too-large' };
    for (const holder of await Promise.allSettled(holders)) expect(holder).toMatchObject({ reason: letIn });
    await expect(readJson(another())).rejects.toMatchObject(letIn);
  });
});
