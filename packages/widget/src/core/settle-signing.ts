import type { SignedAnswer, Signing, WireParams } from './credentials.js';
import { UploadFailure } from './failure.js';

/** The options that say how uploads are authenticated (widget reference, section 1.6). */
export interface SigningOptions {
  readonly apiKey?: string;
  readonly uploadPreset?: string;
  readonly uploadSignature?: unknown;
  readonly uploadSignatureTimestamp?: number | null;
  readonly signatureEndpoint?: string;
  readonly sign?: (params: WireParams, context: { readonly signal: AbortSignal }) => Promise<unknown>;
  readonly hookTimeoutMs: number;
}

type AskEndpoint = (params: WireParams, signal: AbortSignal) => Promise<SignedAnswer>;

/** A signature, however it is to be had, makes the widget signed; without one it is unsigned. */
export function settleSigning(options: SigningOptions, askEndpoint: AskEndpoint): Signing {
  const { apiKey = null, uploadSignature, sign, signatureEndpoint, hookTimeoutMs: timeoutMs } = options;
  const signedBy = (sign: AskEndpoint): Signing => ({ mode: 'function', apiKey, timeoutMs, sign });
  if (typeof sign === 'function')
    return signedBy(async (params, signal) => readAnswer(await sign(params, { signal })));
  if (typeof uploadSignature === 'function')
    return signedBy((params) => askCallback(uploadSignature as Callback, params));
  if (typeof uploadSignature === 'string' && uploadSignature !== '') {
    const timestampSeconds = Number(options.uploadSignatureTimestamp ?? 0);
    return { mode: 'string', signature: uploadSignature, timestampSeconds, apiKey: apiKey ?? '' };
  }
  return signatureEndpoint ? signedBy(askEndpoint) : { mode: 'unsigned' };
}

/** The configuration's mistake as a path in the texts; null when there is none. */
export function findMisconfiguration(
  options: SigningOptions & { readonly cloudName?: string; readonly prepareUploadParams?: unknown },
  apiUrl: string | null,
): string | null {
  const { cloudName, uploadPreset, prepareUploadParams } = options;
  // Nobody is asked here.
  const signing = settleSigning(options, async () => ({ signature: '' }));
  const mayBringKey = typeof options.sign === 'function' || typeof options.signatureEndpoint === 'string';
  if (!cloudName) return 'notifications.missing_cloud_name';
  if (apiUrl === null) return 'notifications.missing_api_url';
  if (typeof prepareUploadParams === 'function') return null;
  if (signing.mode === 'unsigned') return uploadPreset ? null : 'notifications.missing_preset';
  return signing.apiKey || mayBringKey ? null : 'notifications.missing_api_key';
}

type Callback = (callback: (signature: unknown, error?: unknown) => void, params: WireParams) => unknown;

/** `uploadSignature(callback, paramsToSign)`; a promise of the signature is taken too. */
function askCallback(ask: Callback, params: WireParams): Promise<SignedAnswer> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) => reject(new UploadFailure('signature', reasonOf(error)));
    const answer = (signature: unknown, error?: unknown) => {
      if (error) refuse(error);
      else resolve(readAnswer(signature));
    };
    try {
      const returned = ask(answer, { ...params });
      if (returned instanceof Promise)
        returned.then((signature: unknown) => {
          if (signature !== undefined) answer(signature);
        }, refuse);
    } catch (error) {
      refuse(error);
    }
  });
}

/** A signature alone, or the object that signing endpoints answer. */
export function readAnswer(answer: unknown): SignedAnswer {
  if (typeof answer !== 'object' || answer === null) return { signature: answer as string };
  const { signature, apiKey, api_key: snakeApiKey } = answer as Record<string, unknown>;
  const key = apiKey ?? snakeApiKey;
  return { signature: signature as string, ...(typeof key === 'string' ? { apiKey: key } : {}) };
}

function reasonOf(error: unknown): string {
  if (typeof error === 'string' && error !== '') return error;
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'The page did not sign the upload.';
}
