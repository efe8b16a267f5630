import { afterAll, beforeAll, expect } from 'vitest';
import { type RunningServer, type ServerOptions, startServer } from './start-server.js';

export type TestServer = Pick<RunningServer, 'url' | 'data' | 'process' | 'log'>;

/** Log lines that only a defect writes. */
const defects = /unexpected error|delivery failed|"level":"error"|UnhandledPromise|Uncaught|TypeError/;

/** The lines of a log that only a defect writes. */
export function defectLines(log: string): string[] {
  return log.split('\n').filter((line) => defects.test(line));
}

/**
 * One server for a test file: started before its first test, stopped after its last. The end is a test too: the server must still
 * be alive, have logged nothing unexpected, and end with 0.
 */
export function useServer(options: ServerOptions | (() => Promise<ServerOptions>) = {}): TestServer {
  let running: RunningServer | null = null;
  const server = () => {
    if (running === null) throw new Error('the server is there inside tests only');
    return running;
  };
  beforeAll(async () => {
    running = await startServer(typeof options === 'function' ? await options() : options);
  });
  afterAll(async () => {
    const { log, process, stop } = server();
    const alive = process.exitCode === null && process.signalCode === null;
    const code = await stop();
    expect({ alive, code, defects: defectLines(log()) }).toEqual({ alive: true, code: 0, defects: [] });
  });
  return {
    get url() {
      return server().url;
    },
    get data() {
      return server().data;
    },
    get process() {
      return server().process;
    },
    log: () => server().log(),
  };
}
