import type { Command } from 'commander';
import type { Context } from '../../context.js';

/** `counterseal sign-policy schema`: the JSON Schema of policy files, for editors. */
export function registerSignPolicySchema(signPolicy: Command, context: Context): void {
  signPolicy
    .command('schema')
    .description('print the JSON Schema of policy files')
    .addHelpText('after', '\nExample:\n  counterseal sign-policy schema > sign-policy.schema.json')
    .action(async () => {
      const { signPolicyJsonSchema } = await import('@counterseal/server');
      context.out(`${JSON.stringify(signPolicyJsonSchema(), null, 2)}\n`);
    });
}
