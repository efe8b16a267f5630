import { askEndpoint } from '../browser/ask-endpoint.js';
import { chunkBytesOf } from '../core/chunks.js';
import { createCredentials, type Signing, type WireParams } from '../core/credentials.js';
import type { SendPlan } from '../core/engine.js';
import { UploadFailure } from '../core/failure.js';
import type { Timers } from '../core/ports.js';
import type { QueueFile } from '../core/queue-file.js';
import { fittingSize, kindOf } from '../core/restrictions.js';
import { settleSigning } from '../core/settle-signing.js';
import { snakeCase, wireParams } from '../core/upload-params.js';
import { loadParts } from '../load-parts.js';
import { camelCase, type PreparedParams, type Settings } from '../options.js';
import { askPage } from './ask-page.js';
import { detailsOf, type FileDetails } from './file-details.js';

export interface PlanDeps {
  readonly settings: Settings;
  readonly apiUrl: string;
  readonly timers: Timers;
  /** The parameters of a signed upload, for the diagnosis of a refusal. */
  readonly onSign: (file: QueueFile, paramsToSign: WireParams) => void;
}

/**
 * What is sent for one file: the page's options, the user's choices, then whatever `prepareUploadParams` says. One signature is made
 * for exactly these parameters, right before they are sent.
 */
export async function planUpload(file: QueueFile, deps: PlanDeps, signal: AbortSignal): Promise<SendPlan> {
  const { settings, apiUrl, timers } = deps;
  const details = detailsOf(file);
  const chosen = chosenParams(details, settings);
  const prepared = await prepareParams(chosen, deps, signal);
  details.prepared = prepared;
  const signing = signingOf(prepared, settings, (params) => deps.onSign(file, params));
  const resourceType = settings.encryption ? 'raw' : String(prepared.resourceType ?? settings.resourceType);
  const cloud = encodeURIComponent(settings.cloudName ?? '');
  return {
    url: `${apiUrl}/v1_1/${cloud}/${encodeURIComponent(resourceType)}/upload`,
    content: await contentOf(file, details, settings),
    filename: file.name,
    credentials: createCredentials({ ...wireParams(prepared), source: 'uw' }, signing, timers),
    chunkBytes: chunkBytesOf(settings.maxChunkSize ?? null),
  };
}

/** In camelCase, as hooks get them. */
function chosenParams(details: FileDetails, settings: Settings): Record<string, unknown> {
  const { coordinates, publicId, publicIdCounter, tags, uploadPreset } = details;
  const coordinatesName =
    settings.croppingCoordinatesMode === 'face' ? 'faceCoordinates' : 'customCoordinates';
  const own = publicId ?? settings.publicId;
  return {
    ...settings,
    publicId: own === null || publicIdCounter === 0 ? own : `${own}_${publicIdCounter}`,
    ...(tags === null ? {} : { tags }),
    ...(uploadPreset === null ? {} : { uploadPreset }),
    ...(coordinates === null ? {} : { [coordinatesName]: coordinates.join(',') }),
  };
}

async function prepareParams(
  chosen: Record<string, unknown>,
  { settings, timers }: PlanDeps,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const { prepareUploadParams, hookTimeoutMs: timeoutMs } = settings;
  const params: Record<string, unknown> = { ...sendable(chosen), source: 'uw' };
  if (typeof prepareUploadParams !== 'function') return params;
  const answer = await askPage<PreparedParams | readonly PreparedParams[] | undefined>(
    'prepareUploadParams',
    (callback) => prepareUploadParams(callback, params),
    { timeoutMs, timers, signal },
  );
  const [only] = Array.isArray(answer) ? (answer as readonly PreparedParams[]) : [answer as PreparedParams];
  if (only?.cancel === true) throw new UploadFailure('hook', 'The page cancelled this upload.');
  return { ...params, ...camelKeys(only ?? {}) };
}

/** Options that are parameters of the upload; hooks see these and no others. */
function sendable(options: Record<string, unknown>): Record<string, unknown> {
  const sent = wireParams(options);
  const kept = Object.entries(options).filter(([name]) => sent[snakeCase(name)] !== undefined);
  return { ...Object.fromEntries(kept), resourceType: options.resourceType };
}

function camelKeys(answer: PreparedParams): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [camelCase(name), value]));
}

/** "If given, `uploadSignature` is ignored: sign here" (widget reference, section 1.5). */
function signingOf(
  prepared: Readonly<Record<string, unknown>>,
  settings: Settings,
  onSign: (params: WireParams) => void,
): Signing {
  const { signature, apiKey = settings.apiKey } = prepared;
  if (typeof settings.prepareUploadParams === 'function' && typeof signature === 'string') {
    const timestamp = Number(prepared.uploadSignatureTimestamp ?? prepared.timestamp ?? 0);
    return { mode: 'string', signature, timestampSeconds: timestamp, apiKey: String(apiKey ?? '') };
  }
  const signing = settleSigning(settings, (params, signal) => askEndpoint(settings, params, signal));
  if (signing.mode !== 'function') return signing;
  return {
    ...signing,
    sign: (params, signal) => {
      onSign(params);
      return signing.sign(params, signal);
    },
  };
}

/** The file itself, scaled down or encrypted when that was asked for. */
async function contentOf(file: QueueFile, { dimensions, file: own }: FileDetails, settings: Settings) {
  if (own === null) return file.content;
  let blob: Blob = own;
  const size = dimensions === null || kindOf(file) !== 'image' ? null : fittingSize(dimensions, settings);
  if (size !== null) blob = await (await loadParts.images()).scaleDown(own, size);
  if (settings.encryption) blob = await (await loadParts.encrypt()).encrypt(blob, settings.encryption);
  return blob;
}
