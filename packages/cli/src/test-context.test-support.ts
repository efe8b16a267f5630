import type { Context } from './context.js';
import { run } from './run.js';

/** One run of the command inside this process, with what it printed. */
export async function runCommandLine(
  args: readonly string[],
  environment: { readonly cloudinaryUrl?: string; readonly variables?: Record<string, string> } = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const context: Context = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    errIsTerminal: false,
    environment: () => ({
      variables: environment.variables ?? {},
      cloudinaryUrl: environment.cloudinaryUrl ?? null,
    }),
  };
  const code = await run(args, context);
  return { code, out, err };
}
