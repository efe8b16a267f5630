import { minChunkBytes } from './chunks.js';
import { createCredentials, type Signing } from './credentials.js';
import { type EngineDeps, type EngineEvent, UploadEngine } from './engine.js';
import type { NewFile } from './queue-file.js';
import { VirtualLink, VirtualTimers } from './virtual-link.test-support.js';

/** An engine on a link and a clock that the test moves. */
export function engineOnVirtualLink(options: { signing?: Signing; prepare?: EngineDeps['prepare'] } = {}) {
  const link = new VirtualLink();
  const timers = new VirtualTimers();
  const events: EngineEvent[] = [];
  let ids = 0;
  const engine = new UploadEngine({
    transport: link,
    connectivity: link,
    timers,
    newId: () => `id-${++ids}`,
    prepare:
      options.prepare ??
      (async (file) => ({
        url: 'http://server/v1_1/demo/auto/upload',
        content: file.content,
        filename: file.name,
        chunkBytes: minChunkBytes,
        credentials: createCredentials({ source: 'uw' }, options.signing ?? { mode: 'unsigned' }, timers),
      })),
    onEvent: (event) => events.push(event),
    onChange: () => {},
  });
  return { engine, link, timers, events, types: () => events.map(({ type }) => type) };
}

export function fileOf(size: number, name = 'photo.jpg'): NewFile {
  return { name, size, type: 'image/jpeg', content: new Blob([new Uint8Array(size)]), details: null };
}
