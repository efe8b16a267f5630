import { onTestFinished } from 'vitest';
import { startRemoteHost } from './remote-host.js';

/** A web server that answers nothing before it is told to, for the test at hand. `seen` has the paths it was asked for. */
export async function heldHost(bytes: Buffer) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const host = await startRemoteHost((_, res) => void released.then(() => res.end(bytes)));
  onTestFinished(host.close);
  return { url: host.url, seen: host.seen, release };
}
