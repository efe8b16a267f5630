import { describe, expect, it } from 'vitest';
import { SharpRenderer } from '../adapters/sharp/sharp-renderer.js';
import type { SettleContentDeps } from './settle-content.js';
import { settleContent } from './settle-content.js';
import type { UploadCommand } from './upload-command.js';

/** A renderer that refuses every job: whatever settles has not asked for one. */
const renderer = new SharpRenderer();
await renderer.close();
const deps = { renderer } as unknown as SettleContentDeps;
const staged = { id: '0'.repeat(32), bytes: 5, md5: 'x', path: '/nowhere' };
const settle = (command: Partial<UploadCommand>) =>
  settleContent(
    {
      resourceType: 'raw',
      allowedFormats: [],
      format: null,
      transformation: null,
      ...command,
    } as UploadCommand,
    { staged, uploaded: { stem: 'notes', extension: 'txt' } },
    deps,
  );

describe('settleContent', () => {
  it('stores a raw file without a look at it', async () => {
    expect(await settle({})).toEqual({
      staged,
      resourceType: 'raw',
      format: null,
      media: null,
      decodable: false,
    });
  });

  it.each([
    ['allowed formats', { allowedFormats: ['txt'] }],
    ['another type', { resourceType: 'auto' as const }],
  ])('looks when asked for %s', async (_name, command) => {
    await expect(settle(command)).rejects.toThrow('the renderer is closed');
  });

  it.each([
    ['format', { format: 'jpg' }],
    ['transformation', { transformation: { components: [] } }],
  ])('refuses %s for a raw file all the same', async (_name, command) => {
    await expect(settle(command)).rejects.toMatchObject({ code: 'unsupported-parameter' });
  });
});
