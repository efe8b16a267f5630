import { readdir, readlink } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { dataFolder } from '../support/data-folder.js';
import { startServer } from '../support/start-server.js';

it.skipIf(process.platform !== 'linux')(
  'a look at the rows leaves no file open, so that a server that starts after a crash recovers the log',
  async () => {
    const server = await startServer();
    expect(dataFolder(server.data).rows()).toEqual([]);
    expect(dataFolder(server.data).jobs()).toEqual({ waiting: 0, dead: 0 });
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')),
    );
    expect(open.filter((path) => path.startsWith(server.data))).toEqual([]);
    expect(await server.stop()).toBe(0);
  },
);
