import { startPeer } from './processes.mjs';

/** Bare sharp in a process of its own; see peers/sharp.mjs. `make` answers the file's length, `bytes` the file. */
export async function startBareSharp(options = {}) {
  const peer = await startPeer('sharp.mjs', [], options);
  const waiting = new Map();
  let nextId = 0;
  peer.child.on('message', (answer) => {
    waiting.get(answer.id)(answer);
    waiting.delete(answer.id);
  });
  const ask = (path, picture, wantBytes) =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      peer.child.send({ id, path, picture, wantBytes });
    });
  return {
    pid: peer.pid,
    stop: peer.stop,
    make: async (path, picture) => (await ask(path, picture, false)).length,
    bytes: async (path, picture) => Buffer.from((await ask(path, picture, true)).base64, 'base64'),
  };
}
