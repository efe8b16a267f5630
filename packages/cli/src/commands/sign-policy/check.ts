import type { Command } from 'commander';
import { type Context, type JsonOption, print } from '../../context.js';

const help = `
Prints what a policy would let through, and warns of grants somebody may not have meant. Exit code 1 when the file cannot be
used at all; warnings alone are exit code 0.

Example:
  counterseal sign-policy check sign-policy.json`;

/** `counterseal sign-policy check`: lints a policy file and shows what it lets through. */
export function registerSignPolicyCheck(signPolicy: Command, context: Context): void {
  signPolicy
    .command('check')
    .argument('<file>', 'policy file, as --sign-policy takes it')
    .description('lint a policy file and show what it would let through')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async (path: string, options: JsonOption) => {
      const { checkSignPolicy, loadSignPolicy } = await import('@counterseal/server');
      const policy = await loadSignPolicy(path);
      const { warnings, examples } = checkSignPolicy(policy, Math.floor(Date.now() / 1000));
      print(context, options, { ok: true, warnings, examples }, [
        `${path} can be used.`,
        '',
        'What a browser may ask for, with forced values filled in:',
        ...examples.map(
          ({ request, answer, isSigned }) => `  ${isSigned ? 'signed ' : 'refused'}  ${request}: ${answer}`,
        ),
        '',
        ...(warnings.length === 0 ? ['No warnings.'] : warnings.map((warning) => `warning: ${warning}`)),
      ]);
    });
}
