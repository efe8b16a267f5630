import type { SignedAnswer, WireParams } from '../core/credentials.js';
import { answerMessage, UploadFailure } from '../core/failure.js';
import { readAnswer } from '../core/settle-signing.js';
import type { Settings } from '../options.js';

/** Asks a signing endpoint: `POST {"paramsToSign"}` -> `{"signature"}` (widget reference, section 3.2). A refusal is a refusal. */
export async function askEndpoint(
  { signatureEndpoint = '', signatureHeaders, signatureCredentials }: Settings,
  paramsToSign: WireParams,
  signal: AbortSignal,
): Promise<SignedAnswer> {
  const headers = typeof signatureHeaders === 'function' ? signatureHeaders() : signatureHeaders;
  const response = await fetch(signatureEndpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    credentials: signatureCredentials ?? 'same-origin',
    body: JSON.stringify({ paramsToSign }),
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new UploadFailure(
      'signature',
      `The signing endpoint cannot be reached: ${String((error as Error).message)}`,
    );
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const message = answerMessage(body, null, response.status);
    throw new UploadFailure('signature', `The signing endpoint refused: ${message}`, response.status);
  }
  return readAnswer(body);
}
