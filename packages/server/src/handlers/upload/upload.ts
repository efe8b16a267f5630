import { ApiError } from '@counterseal/protocol';
import type { Principal } from '../../http/authenticator.js';
import type { Answer, Call, Reply } from '../../http/call.js';
import type { FileSource } from '../../http/file-source.js';
import type { Parameters } from '../../http/parameters.js';
import type { AccountStore, UploadPreset } from '../../ports/account-store.js';
import { type BlobStore, BlobTooLargeError } from '../../ports/blob-store.js';
import { applyPreset } from '../../services/apply-preset.js';
import type { ArrivedFile } from '../../services/arrived-file.js';
import type { DeferUpload } from '../../services/defer-upload.js';
import type { FetchRemote } from '../../services/fetch-remote.js';
import type { IngestUpload } from '../../services/ingest-upload.js';
import { splitFilename } from '../../services/name-asset.js';
import { type ResponseSigner, responseSigner } from '../../services/signers.js';
import type { UploadCommand } from '../../services/upload-command.js';
import type { UrlMaker } from '../asset-urls.js';
import { readBoolean, readText } from '../read-parameters.js';
import { readUploadResourceType } from '../resource-type.js';
import { readUploadCommand } from './read-upload-command.js';
import { uploadAnswer } from './upload-answer.js';

export interface UploadDeps {
  readonly accounts: AccountStore;
  readonly blobs: BlobStore;
  readonly fetchRemote: FetchRemote;
  readonly ingestUpload: IngestUpload;
  readonly deferUpload: DeferUpload;
  readonly urls: UrlMaker;
  /** Who signs answers to unsigned uploads: some enabled key of the cloud. */
  readonly cloudSigner: (cloud: string) => Promise<ResponseSigner | null>;
  readonly signatureUse: (principal: Principal) => UploadCommand['signatureUse'];
  readonly folderMode: 'fixed' | 'dynamic';
}

/**
 * Takes the file of an upload off the wire.
 * @throws ApiError `file-too-large`
 */
export async function receiveFile(
  file: FileSource,
  blobs: BlobStore,
  options: { signal: AbortSignal; maxBytes: number },
): Promise<ArrivedFile> {
  if (file.kind === 'text') return { kind: 'url', url: file.value };
  const filename = file.kind === 'part' ? file.filename : null;
  try {
    const staged = await blobs.stage(file.body, options);
    return { kind: 'staged', staged, uploaded: filename === null ? null : splitFilename(filename) };
  } catch (error) {
    if (!(error instanceof BlobTooLargeError)) throw error;
    throw new ApiError('file-too-large', { got: error.bytes, max: options.maxBytes }, { cause: error });
  }
}

/** `POST /:resource_type/upload`: the second half, when request and file are in and the caller is known. Takes over the file. */
export function upload(
  deps: UploadDeps,
): (call: Call & { principal: Principal }, file: ArrivedFile) => Promise<Reply> {
  return async (call, file) => {
    let taken = false;
    try {
      const { command, parameters } = await prepare(call, deps);
      if (readBoolean(parameters, 'async')) {
        taken = true;
        return { body: await deps.deferUpload(command, file) };
      }
      const input = file.kind === 'staged' ? file : await deps.fetchRemote(file.url, { signal: call.signal });
      taken = true;
      const result = await deps.ingestUpload(command, input, { signal: call.signal });
      return { body: await answer(result, call, deps) };
    } finally {
      if (!taken && file.kind === 'staged') await deps.blobs.discard(file.staged);
    }
  };
}

async function prepare(
  { cloud, path, parameters, principal }: Call & { principal: Principal },
  deps: UploadDeps,
) {
  const preset = await findPreset(cloud, parameters, principal, deps.accounts);
  const merged = applyPreset(parameters, preset, rulesFor(principal, preset));
  const command = readUploadCommand(merged, {
    cloud,
    resourceType: readUploadResourceType(path.resource_type),
    apiKey: principal.kind === 'key' ? principal.key.apiKey : null,
    signatureUse: deps.signatureUse(principal),
  });
  return { command, parameters: merged };
}

/** With Basic and no signature, an unsigned preset still brings the unsigned merge rules (rulings, docs/decisions/0002). */
function rulesFor(principal: Principal, preset: UploadPreset | null): 'signed' | 'unsigned' {
  if (principal.kind === 'unsigned') return 'unsigned';
  return principal.via === 'basic' && preset?.unsigned === true ? 'unsigned' : 'signed';
}

async function findPreset(
  cloud: string,
  parameters: Parameters,
  principal: Principal,
  accounts: AccountStore,
): Promise<UploadPreset | null> {
  if (principal.kind === 'unsigned') return principal.preset;
  const name = readText(parameters, 'upload_preset');
  if (name === null) return null;
  const preset = await accounts.findPreset(cloud, name);
  if (preset === null) throw new ApiError('preset-not-found');
  return preset;
}

async function answer(
  result: Awaited<ReturnType<IngestUpload>>,
  { cloud, principal }: Call & { principal: Principal },
  deps: UploadDeps,
): Promise<Answer> {
  const key = principal.kind === 'key' ? principal.key : null;
  return uploadAnswer(result, {
    urls: deps.urls,
    folderMode: deps.folderMode,
    apiKey: key?.apiKey ?? null,
    signer: key === null ? await deps.cloudSigner(cloud) : responseSigner(key),
  });
}
