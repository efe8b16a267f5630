import type { Command } from 'commander';
import type { Context, JsonOption } from '../context.js';
import { firstRunLines } from '../first-run.js';

/** Flags of `serve`: those of the server's configuration table (a test holds the two together). */
export const serveFlags = [
  ['data', 'folder', 'data folder (default ./counterseal-data)'],
  ['host', 'host', 'interface to listen on (default 127.0.0.1)'],
  ['port', 'port', 'port, 0 = any free one (default 8420)'],
  ['public-url', 'url', 'how browsers reach this server'],
  ['max-file-bytes', 'bytes', 'largest file (default 1 GiB)'],
  ['fetch-allow', 'cidr-list', 'private ranges that uploads by URL may reach'],
  ['trusted-proxies', 'cidr-list', 'reverse proxies whose X-Forwarded-For is believed'],
  ['bootstrap', 'url', 'cloudinary://KEY:SECRET@CLOUD to make when absent'],
  ['folder-mode', 'mode', 'fixed or dynamic'],
  ['strict-transformations', 'true|false', 'make derivatives only for signed URLs and named transformations'],
  ['sign-policy', 'file', 'policy file of the signing endpoint at /sign'],
  ['log-level', 'level', 'debug, info, warn, error or silent'],
] as const;

const help = `
Every option can be set in the environment as well: --public-url is COUNTERSEAL_PUBLIC_URL. Options win.

Examples:
  counterseal serve
  counterseal serve --data /var/lib/counterseal --host 0.0.0.0 --public-url https://media.example.com
  COUNTERSEAL_BOOTSTRAP=cloudinary://KEY:SECRET@demo counterseal serve --port 0`;

/** `counterseal serve`: runs the server until SIGINT or SIGTERM, then drains and ends with 0. */
export function registerServe(program: Command, context: Context): void {
  const command = program.command('serve').description('run the server');
  for (const [name, value, doc] of serveFlags) command.option(`--${name} <${value}>`, doc);
  command
    .option('--json', 'print the start-up facts as one line of JSON')
    .addHelpText('after', help)
    .action((options: Record<string, string | undefined> & JsonOption, self: Command) =>
      serveUntilSignal(context, options, flagsOf(self)),
    );
}

async function serveUntilSignal(
  context: Context,
  options: JsonOption,
  flags: Record<string, string | undefined>,
): Promise<void> {
  // Listened for from the first moment: a signal during the start lets it finish, then drains.
  const stopAsked = nextStopSignal();
  const { loadConfig, serve } = await import('@counterseal/server');
  const server = await serve(loadConfig(flags, context.environment().variables));
  const { url, firstRun, startPage } = server;
  if (options.json === true)
    context.out(`${JSON.stringify({ url, start_page: startPage, first_run: firstRun })}\n`);
  else
    context.out(
      startLines(url, startPage, firstRun)
        .map((line) => `${line}\n`)
        .join(''),
    );
  const signal = await stopAsked;
  if (options.json !== true) context.out(`${signal}: finishing what is under way ...\n`);
  await server.close();
}

function startLines(
  url: string,
  startPage: string,
  firstRun: Parameters<typeof firstRunLines>[1] | null,
): string[] {
  return [
    `Counterseal is listening on ${url}`,
    `Start page: ${startPage}`,
    ...(firstRun === null ? [] : ['', ...firstRunLines(url, firstRun)]),
  ];
}

/** Options by flag name, as the configuration table spells them. */
function flagsOf(command: Command): Record<string, string | undefined> {
  const entries = command.options.map((option) => [
    option.name(),
    command.getOptionValue(option.attributeName()),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}

/** Within this time further signals are the same wish: npm repeats the one the terminal already sent. */
const sameWishMs = 1_500;

/** Resolves with the first stop signal. One that comes later, while draining, ends the process at once. */
function nextStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedAtMs: number | null = null;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (askedAtMs !== null && Date.now() - askedAtMs > sameWishMs) process.exit(1);
        askedAtMs ??= Date.now();
        resolve(signal);
      });
  });
}
