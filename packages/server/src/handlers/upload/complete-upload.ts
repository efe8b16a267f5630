import type { Principal } from '../../http/authenticator.js';
import type { Answer } from '../../http/call.js';
import type { DeferUpload } from '../../services/defer-upload.js';
import type { IngestResult, IngestUpload, UploadInput } from '../../services/ingest-upload.js';
import { type ResponseSigner, responseSigner } from '../../services/signers.js';
import type { UrlMaker } from '../asset-urls.js';
import type { PreparedUpload, UploadCall } from './prepare-upload.js';
import { uploadAnswer } from './upload-answer.js';

export interface CompleteDeps {
  readonly ingestUpload: IngestUpload;
  readonly deferUpload: DeferUpload;
  readonly urls: UrlMaker;
  /** Makes addresses without signatures. */
  readonly plainUrls: UrlMaker;
  /** Who signs answers to unsigned uploads: some enabled key of the cloud. */
  readonly cloudSigner: (cloud: string) => Promise<ResponseSigner | null>;
  readonly folderMode: 'fixed' | 'dynamic';
}

/** The file is in staging: stores it, now or later, and tells. Takes over the staged file. */
export async function completeUpload(
  { command, deferred }: Pick<PreparedUpload, 'command' | 'deferred'>,
  input: UploadInput,
  call: UploadCall,
  deps: CompleteDeps,
): Promise<Answer> {
  // A job outlives the lease of the chunks it came from.
  if (deferred) return deps.deferUpload({ ...command, finishes: null }, { kind: 'staged', ...input });
  const options = { signal: call.signal, client: turnsOf(call.principal) };
  return answerFor(await deps.ingestUpload(command, input, options), call, deps);
}

/** Strangers wait for their own turns at the renderers, not among those with a key, and not among viewers who share a proxy. */
function turnsOf(principal: Principal): string | null {
  return principal.kind === 'unsigned' ? `unsigned ${principal.client}` : null;
}

export async function answerFor(
  result: IngestResult,
  { cloud, principal }: UploadCall,
  deps: Pick<CompleteDeps, 'urls' | 'plainUrls' | 'folderMode' | 'cloudSigner'>,
): Promise<Answer> {
  const key = principal.kind === 'key' ? principal.key : null;
  // What was there before is not the stranger's: its signed address would open it.
  const urls = key === null && result.outcome === 'exists' ? deps.plainUrls : deps.urls;
  return uploadAnswer(result, {
    urls,
    folderMode: deps.folderMode,
    apiKey: key?.apiKey ?? null,
    signer: key === null ? await deps.cloudSigner(cloud) : responseSigner(key),
  });
}
