import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Rejects as listening there would: the port is taken or not allowed, the host is none of this machine. Asked before a start makes
 * anything, since some of it is told only once.
 */
export async function requireFreeAddress(address: {
  readonly host: string;
  readonly port: number;
}): Promise<void> {
  const probe = createServer((socket) => socket.destroy()).listen(address);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
