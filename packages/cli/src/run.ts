import { CommanderError } from 'commander';
import type { Context } from './context.js';
import { UsageError } from './failures.js';
import { createProgram } from './program.js';

/** Exit codes of the command: done, refused or failed, called wrongly. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs one command line (without `node` and the script) to its end. Answers the exit code; never rejects. */
export async function run(args: readonly string[], context: Context): Promise<number> {
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const message = error instanceof Error ? error.message : String(error);
    const asJson = args.includes('--json');
    context.err(asJson ? `${JSON.stringify({ error: { message } })}\n` : `counterseal: ${message}\n`);
    return isUsage(error) ? exitCodes.usage : exitCodes.failed;
  }
}

/** `ConfigError` by its name: the class lives in the server, which most commands never load. */
function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === 'ConfigError');
}
