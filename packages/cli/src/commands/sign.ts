import { apiSignRequest } from '@counterseal/protocol';
import { type Command, Option } from 'commander';
import { parseCloudinaryUrl } from '../cloudinary-url.js';
import { type Context, type JsonOption, print } from '../context.js';
import { UsageError } from '../failures.js';
import { isAssignment, type Parameters, parseAssignments, parseJsonParameters } from '../parameters.js';

interface Options extends JsonOption {
  readonly algorithm: 'sha1' | 'sha256';
  readonly signatureVersion: '1' | '2';
}

const help = `
Signs exactly the parameters given (no name is left out) and prints the signature in hex.
A SECRET among the arguments can be seen by other users of this machine; CLOUDINARY_URL cannot.

Examples:
  counterseal sign public_id=sample_image timestamp=1315060510 \\
    'eager=w_400,h_300,c_pad|w_260,h_200,c_crop' abcd
  counterseal sign '{"public_id":"sample_image","timestamp":1315060510}' abcd
  counterseal sign "timestamp=$(date +%s)" --algorithm sha256`;

/** `counterseal sign KEY=VALUE... | JSON [SECRET]`: the bare request signature. */
export function registerSign(program: Command, context: Context): void {
  program
    .command('sign')
    .argument(
      '<parameters...>',
      'KEY=VALUE ..., or one JSON object; then the secret unless CLOUDINARY_URL has it',
    )
    .description('print the signature of request parameters')
    .addOption(new Option('--algorithm <name>', 'hash').choices(['sha1', 'sha256']).default('sha1'))
    .addOption(
      new Option('--signature-version <number>', "2 escapes '&' in values, 1 does not")
        .choices(['1', '2'])
        .default('2'),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action((args: string[], options: Options) => {
      const { parameters, secret } = readSignArguments(args);
      const apiSecret = secret ?? parseCloudinaryUrl(context.environment().cloudinaryUrl).apiSecret;
      const version = options.signatureVersion === '1' ? 1 : 2;
      const signature = apiSignRequest(parameters, apiSecret, options.algorithm, version);
      const value = { signature, algorithm: options.algorithm, signature_version: version };
      print(context, options, value, [signature]);
    });
}

/** Tells parameters and secret apart: the secret is a last argument that does not read as KEY=VALUE. */
export function readSignArguments(args: readonly string[]): {
  readonly parameters: Parameters;
  readonly secret: string | null;
} {
  const [first = '', ...others] = args;
  if (first.trimStart().startsWith('{')) {
    if (others.length > 1) throw new UsageError('after the JSON only the secret may follow');
    return { parameters: parseJsonParameters(first), secret: others[0] ?? null };
  }
  const last = args.at(-1) ?? '';
  const secret = args.length > 1 && !isAssignment(last) ? last : null;
  return { parameters: parseAssignments(secret === null ? args : args.slice(0, -1)), secret };
}
