import { UploadFailure } from './failure.js';
import type { Timers } from './ports.js';
import { within } from './wait.js';

/** Parameters as they are sent: snake_case names, text values, none empty. */
export type WireParams = Readonly<Record<string, string>>;

export interface SignedAnswer {
  readonly signature: string;
  /** Where the signing side knows it better than the page. */
  readonly apiKey?: string;
}

/** How uploads are authenticated (widget reference, section 1.6). */
export type Signing =
  | { readonly mode: 'unsigned' }
  /** Made before the page was rendered, for parameters fixed in advance. */
  | {
      readonly mode: 'string';
      readonly signature: string;
      readonly timestampSeconds: number;
      readonly apiKey: string;
    }
  | {
      readonly mode: 'function';
      readonly apiKey: string | null;
      readonly sign: (paramsToSign: WireParams, signal: AbortSignal) => Promise<SignedAnswer>;
      readonly timeoutMs: number;
    };

/** "life: one hour from timestamp" (widget reference, section 1.6). */
const signatureLifeSeconds = 3600;

/** A signature older than this is renewed before it is used again: a chunk may take minutes to arrive. */
const renewAfterSeconds = signatureLifeSeconds - 600;

export interface Credentials {
  /** Everything that is sent beside the file, credentials included; signed again when it would be stale. */
  fields(signal: AbortSignal): Promise<WireParams>;
}

/** One upload's credentials: one signature, for exactly what is sent, kept while it lives. */
export function createCredentials(params: WireParams, signing: Signing, timers: Timers): Credentials {
  let kept: { readonly fields: WireParams; readonly madeAtSeconds: number } | null = null;
  const nowSeconds = () => Math.floor(timers.now() / 1000);

  return {
    async fields(signal) {
      if (kept !== null && nowSeconds() - kept.madeAtSeconds < renewAfterSeconds) return kept.fields;
      const made = await makeFields(params, signing, { nowSeconds: nowSeconds(), timers, signal });
      kept = { fields: made, madeAtSeconds: Number(made.timestamp ?? nowSeconds()) };
      return made;
    },
  };
}

async function makeFields(
  params: WireParams,
  signing: Signing,
  { nowSeconds, timers, signal }: { nowSeconds: number; timers: Timers; signal: AbortSignal },
): Promise<WireParams> {
  switch (signing.mode) {
    case 'unsigned':
      return params;
    case 'string': {
      if (nowSeconds - signing.timestampSeconds >= signatureLifeSeconds) {
        throw new UploadFailure(
          'signature',
          'The upload signature is more than an hour old. Reload the page to get a new one.',
        );
      }
      const { signature, apiKey, timestampSeconds } = signing;
      return { ...params, timestamp: String(timestampSeconds), api_key: apiKey, signature };
    }
    case 'function': {
      const paramsToSign = { ...params, timestamp: String(nowSeconds) };
      const answer = await within(signing.sign(paramsToSign, signal), {
        timeoutMs: signing.timeoutMs,
        timers,
        signal,
        late: () => new UploadFailure('signature', 'The page did not sign the upload in time.'),
      });
      const apiKey = signing.apiKey ?? answer.apiKey;
      if (apiKey === undefined) {
        throw new UploadFailure('signature', 'apiKey is missing: set it beside uploadSignature.');
      }
      return { ...paramsToSign, api_key: apiKey, signature: checkedSignature(answer.signature) };
    }
    default:
      return signing satisfies never;
  }
}

/** SHA-1 or SHA-256 in hex, as the wire knows them. */
function checkedSignature(signature: unknown): string {
  if (typeof signature === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(signature.trim()))
    return signature.trim();
  throw new UploadFailure(
    'signature',
    typeof signature === 'string' && signature !== ''
      ? 'The page did not answer with a signature (40 or 64 hex digits).'
      : 'The page did not sign the upload.',
  );
}
