import { describe, expect, it } from 'vitest';
import { maxFieldsBytes, maxJsonHeldBytes } from './limits.js';
import { readJson } from './read-json.js';

const mebibyte = Buffer.alloc(1024 * 1024, 0x20);

describe('the budget of JSON bodies', () => {
  it('refuses more than all may hold together, but no call of the usual size; is whole again afterwards', async () => {
    let held = 0;
    let release: () => void = () => {};
    const full = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* body(wantedBytes: number) {
      for (let bytes = 0; bytes < wantedBytes; bytes += mebibyte.length) yield mebibyte;
    }
    async function* holding(wantedBytes: number) {
      for await (const chunk of body(wantedBytes)) {
        held += chunk.length;
        yield chunk;
      }
      await full;
    }
    const shareBytes = maxJsonHeldBytes / 8 + maxFieldsBytes;
    const holders = Array.from({ length: 8 }, () => readJson(holding(shareBytes)));
    while (held < 8 * shareBytes) await new Promise((resolve) => setImmediate(resolve));
    await expect(readJson(body(shareBytes))).rejects.toMatchObject({
      code: 'busy',
      status: 420,
      retryAfterSeconds: 5,
    });
    expect(await readJson(body(maxFieldsBytes))).toEqual([]);
    release();
    // So much space is refused for itself once it is there, which shows that it was let in.
    const letIn = { code: 'field-too-large' };
    for (const holder of await Promise.allSettled(holders)) expect(holder).toMatchObject({ reason: letIn });
    await expect(readJson(body(shareBytes))).rejects.toMatchObject(letIn);
  });
});
