/**
 * Why an upload did not happen. `kind` says who refused: the server (`answer`), the link (`network`), the signing side
 * (`signature`), a hook of the page (`hook`), the widget itself (`local`).
 */
export class UploadFailure extends Error {
  override readonly name = 'UploadFailure';
  readonly kind: 'answer' | 'network' | 'signature' | 'hook' | 'local';
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;

  constructor(kind: UploadFailure['kind'], message: string, status: number | null = null) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

/** The text of an error answer, `{"error": {"message": "..."}}` or the `X-Cld-Error` header. */
export function answerMessage(body: unknown, header: string | null, status: number): string {
  const message = (body as { error?: { message?: unknown } } | null)?.error?.message;
  if (typeof message === 'string' && message !== '') return message;
  return header ?? `The server answered ${status}`;
}
