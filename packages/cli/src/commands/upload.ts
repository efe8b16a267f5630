import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { apiSignRequest } from '@counterseal/protocol';
import { type Command, Option } from 'commander';
import { type CloudinaryUrl, parseCloudinaryUrl } from '../cloudinary-url.js';
import { type Context, type JsonOption, print } from '../context.js';
import { Failure, UsageError } from '../failures.js';
import { collect, type Parameters, parseAssignments } from '../parameters.js';
import { type FormFile, postForm } from '../post-form.js';
import { createProgress } from '../progress.js';

/** Options that are one parameter each: option, wire name, what it does. */
const shortcuts = [
  ['publicId', '--public-id <id>', 'public_id', 'public id of the asset'],
  ['folder', '--folder <path>', 'folder', 'folder to put it in'],
  ['tags', '--tags <list>', 'tags', 'tags, comma separated'],
  ['eager', '--eager <list>', 'eager', "derivatives to make at once, separated by '|'"],
  ['preset', '--preset <name>', 'upload_preset', 'upload preset'],
] as const;

type Shortcuts = Partial<Record<(typeof shortcuts)[number][0], string>>;

interface Options extends JsonOption, Shortcuts {
  readonly resourceType: string;
  readonly set?: readonly string[];
  readonly unsigned?: string;
}

/** What the SDKs send as a field rather than read from disk (upload-api reference, section 3.2). */
const remoteSource = /^(?:ftp|https?|s3|gs):|^data:/i;

const examples = `
Examples:
  counterseal upload photo.jpg
  counterseal upload photo.jpg --public-id holiday/beach --eager 'w_400,h_300,c_pad|w_260,h_200,c_crop'
  counterseal upload https://example.com/photo.jpg --set overwrite=false --json
  counterseal upload photo.jpg --unsigned web`;

/** `counterseal upload FILE|URL`: one signed upload (SHA-256), streamed from disk. */
export function registerUpload(program: Command, context: Context): void {
  const command = program
    .command('upload')
    .argument('<file|url>', 'file on disk, or an address the server fetches')
    .description('upload a file to the account of CLOUDINARY_URL')
    .addOption(
      new Option('--resource-type <type>', 'kind of asset')
        .choices(['auto', 'image', 'video', 'raw'])
        .default('auto'),
    )
    .option('--set <name=value>', 'any upload parameter; repeat for more', collect)
    .option('--unsigned <preset>', 'upload without a signature, by this upload preset')
    .option('--json', 'print the answer as JSON');
  for (const [, flags, , doc] of shortcuts) command.option(flags, doc);
  command
    .addHelpText('after', examples)
    .action((source: string, options: Options) => upload(context, source, options));
}

async function upload(context: Context, source: string, options: Options): Promise<void> {
  const account = parseCloudinaryUrl(context.environment().cloudinaryUrl);
  const parameters = uploadParameters(options);
  const fields =
    options.unsigned === undefined
      ? signedFields(parameters, account, Math.floor(Date.now() / 1000))
      : { ...parameters, upload_preset: options.unsigned };
  const file = remoteSource.test(source) ? null : await localFile(source);
  const progress = createProgress(context);
  const answer = await postForm({
    url: `${account.uploadPrefix}/v1_1/${encodeURIComponent(account.cloud)}/${options.resourceType}/upload`,
    fields: [...Object.entries(fields), ...(file === null ? ([['file', source]] as const) : [])],
    file,
    onProgress: progress.update,
  }).finally(progress.end);
  const asset = readAnswer(answer);
  print(context, options, asset, describe(asset));
}

/** The parameters of the command line, `--set` and the shortcuts together; the same name twice is refused. */
export function uploadParameters(options: Pick<Options, 'set'> & Shortcuts): Parameters {
  const fromShortcuts = shortcuts.flatMap(([key, , name]) =>
    options[key] === undefined ? [] : [`${name}=${options[key]}`],
  );
  const parameters = parseAssignments([...fromShortcuts, ...(options.set ?? [])]);
  const reserved = ['file', 'api_key', 'timestamp', 'signature'].filter((name) => name in parameters);
  if (reserved.length > 0) throw new UsageError(`${reserved.join(', ')} cannot be set: the command makes it`);
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
}

/** Adds credentials: everything in the form but the file and the key is signed (upload-api reference, section 2.1). */
export function signedFields(
  parameters: Parameters,
  account: Pick<CloudinaryUrl, 'apiKey' | 'apiSecret'>,
  timestamp: number,
): Record<string, string> {
  const signed = { ...parameters, timestamp: String(timestamp) };
  const signature = apiSignRequest(signed, account.apiSecret, 'sha256');
  return { api_key: account.apiKey, ...signed, signature };
}

async function localFile(path: string): Promise<FormFile> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`there is no file ${path}`);
  if (!found.isFile()) throw new UsageError(`${path} is not a file`);
  return { path, name: basename(path), bytes: found.size };
}

function readAnswer({
  status,
  text,
}: {
  readonly status: number;
  readonly text: string;
}): Record<string, unknown> {
  const answer = parseObject(text);
  if (status === 200 && answer !== null) return answer;
  const error = answer?.error;
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : null;
  throw new Failure(
    `the server answered ${status}: ${typeof message === 'string' ? message : text.slice(0, 500)}`,
  );
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function describe(asset: Record<string, unknown>): string[] {
  const size = asset.width === undefined ? '' : `  ${asset.width} x ${asset.height}`;
  const eager = Array.isArray(asset.eager) ? asset.eager : [];
  return [
    `${asset.public_id}  ${asset.resource_type ?? ''}${size}  ${asset.bytes ?? '?'} bytes`,
    String(asset.secure_url ?? asset.url ?? asset.status ?? ''),
    ...eager.map((item: { secure_url?: string; url?: string }) => `  ${item.secure_url ?? item.url ?? ''}`),
  ];
}
