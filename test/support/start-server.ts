import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandPath } from './command-path.js';
import { tmpDir } from './tmp-dir.js';

/** The cloud and key a server under test starts with, unless told otherwise. */
export const testAccount: Account = {
  cloud: 'demo',
  apiKey: 'test-key',
  apiSecret: 'test-secret-of-the-suite',
};

export interface Account {
  readonly cloud: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface ServerOptions {
  /** Folder for the data; a new one, removed by `stop`, when absent. Give it to restart on the same data. */
  readonly data?: string;
  /** Further arguments of `counterseal serve`. */
  readonly args?: readonly string[];
  /** Further settings, for example `COUNTERSEAL_FETCH_ALLOW`. `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Program and arguments to run the server under, for example `['strace', '-f', '-o', file]`. */
  readonly under?: readonly string[];
  readonly readyTimeoutMs?: number;
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT`, without a closing slash. */
  readonly url: string;
  readonly data: string;
  readonly process: ChildProcess;
  /** Everything printed so far: stdout and stderr, as they came. */
  log(): string;
  /** SIGTERM, then waits for the end. Answers the exit code; removes the data folder when it was made here. */
  stop(): Promise<number>;
  /** SIGKILL: what a power cut leaves (but for the page cache). The data folder stays. */
  kill9(): Promise<void>;
}

/** Starts the built command as a process of its own on a free port, and waits until it says where it listens. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const made = options.data === undefined ? await tmpDir() : null;
  const data = made?.path ?? options.data ?? '';
  const [program = process.execPath, ...before] = [...(options.under ?? []), process.execPath];
  const child = spawn(
    program,
    [...before, commandPath(), 'serve', '--port', '0', '--data', data, ...(options.args ?? [])],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment(), ...options.env } },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code] = await ended;
    return code ?? -1;
  };
  const url = await readyUrl(child, () => log, options.readyTimeoutMs ?? 20_000).catch(async (error) => {
    await end('SIGKILL');
    await made?.remove();
    throw error;
  });
  return {
    url,
    data,
    process: child,
    log: () => log,
    stop: async () => {
      const code = await end('SIGTERM');
      await made?.remove();
      return code;
    },
    kill9: async () => {
      await end('SIGKILL');
    },
  };
}

/** Ours without settings that would leak from the developer's shell into the server. */
function environment(): NodeJS.ProcessEnv {
  const { cloud, apiKey, apiSecret } = testAccount;
  const kept = Object.entries(process.env).filter(([name]) => !/^(COUNTERSEAL|CLOUDINARY)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    MALLOC_ARENA_MAX: '2',
    COUNTERSEAL_BOOTSTRAP: `cloudinary://${apiKey}:${apiSecret}@${cloud}`,
  };
}

async function readyUrl(child: ChildProcess, log: () => string, timeoutMs: number): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const url = /^Counterseal is listening on (http\S+)$/m.exec(log())?.[1];
    if (url !== undefined) return url.replace(/\/$/, '');
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the server was not ready after ${timeoutMs} ms:\n${log()}`);
}
