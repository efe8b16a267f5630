/**
 * Every error the wire knows: code -> HTTP status and public text. `docs/errors.md` is generated from this table.
 *
 * `{name}` in a text is filled from the details given to {@link ApiError}. Texts follow upload-api reference section 5 and
 * transformations section 1.14; `ours` marks texts for which the reference gives no wording.
 * Statuses of the Upload API stay within 200, 400, 401, 404, 420, 429, 500: official SDKs cannot read others.
 */
export const errorTable = {
  // Authentication
  'invalid-signature': {
    status: 401,
    text: "Invalid Signature {signature}. String to sign - '{stringToSign}'.",
  },
  'unknown-api-key': { status: 401, text: 'Unknown API key {apiKey}' },
  'unknown-cloud': { status: 401, text: 'Invalid cloud_name {cloud}' },
  'cloud-mismatch': { status: 401, text: 'cloud_name mismatch' },
  'secret-mismatch': { status: 401, text: 'api_secret mismatch' },
  'invalid-credentials': { status: 401, text: 'Invalid credentials' },
  'invalid-token': {
    status: 401,
    text: 'Invalid token: OAuth tokens are not issued here; sign the request or send Basic credentials',
    ours: true,
  },
  'algorithm-not-allowed': {
    status: 401,
    text: 'Invalid Signature {signature}. This API key accepts {allowed} signatures only.',
    ours: true,
  },
  'signature-not-taken': {
    status: 401,
    text: 'Invalid Signature {signature}. This call takes {taken}.',
    ours: true,
  },
  'signature-used': {
    status: 401,
    text: 'Invalid Signature. This API key accepts each signature once, and this one has completed an upload already.',
    ours: true,
  },
  'stale-request': {
    status: 400,
    text: 'Stale request - reported time is {time} which is more than 1 hour ago',
  },
  'future-request': {
    status: 400,
    text: 'Stale request - reported time is {time} which is more than 5 minutes in the future',
    ours: true,
  },
  'delete-token-stale': {
    status: 400,
    text: 'Stale request - the delete token is unknown or has expired',
    ours: true,
  },
  'download-expired': {
    status: 401,
    text: 'Stale request - the download link expired at {time}',
    ours: true,
  },
  'busy-with-failures': {
    status: 429,
    text: 'Too many failed attempts. Retry in {seconds} seconds',
    ours: true,
  },

  // Parameters
  'missing-parameter': { status: 400, text: 'Missing required parameter - {name}' },
  'invalid-value': { status: 400, text: 'Invalid value {value} for parameter {name}', ours: true },
  'invalid-choice': {
    status: 400,
    text: 'Invalid value {value} for parameter {name}. Allowed values: {allowed}',
    ours: true,
  },
  'illegal-characters': {
    status: 400,
    text: 'Parameter {name} contains characters that are not allowed',
    ours: true,
  },
  'encoded-ampersand': {
    status: 400,
    text: "Parameter {name} contains the literal text '%26', which a signature cannot tell from '&'",
    ours: true,
  },
  'repeated-parameter': { status: 400, text: 'Parameter {name} was given more than once', ours: true },
  'illegal-parameter-name': { status: 400, text: 'Invalid parameter name {name}', ours: true },
  'unknown-parameter': { status: 400, text: 'Unknown parameter {name} (the API key is strict)', ours: true },
  /** The table of parameters has the whole text (add-ons, upload-api reference section 5.2). */
  'refused-value': { status: 400, text: '{text}' },
  'unsupported-parameter': { status: 400, text: 'Unsupported parameter {name}', ours: true },
  'unsupported-operation': { status: 400, text: 'Unsupported operation {name}', ours: true },
  'unsupported-content-type': { status: 400, text: 'Unsupported content type {type}', ours: true },
  'malformed-body': { status: 400, text: 'Malformed request body: {reason}', ours: true },
  'field-too-large': {
    status: 400,
    text: 'Parameter {name} is too large. Maximum is {max} bytes',
    ours: true,
  },
  'too-many-fields': { status: 400, text: 'Too many parameters. Maximum is {max}', ours: true },
  'invalid-public-id': { status: 400, text: 'public_id ({publicId}) is invalid', ours: true },
  'public-id-not-allowed': { status: 400, text: 'Public ID is not allowed by the upload preset', ours: true },
  'display-name-slashes': { status: 400, text: 'Display name cannot contain slashes' },
  'unsupported-header': { status: 400, text: 'Unsupported header {name}', ours: true },
  'preset-required': { status: 400, text: 'Upload preset must be specified when using unsigned upload' },
  'preset-not-found': { status: 400, text: 'Upload preset not found' },
  'preset-not-unsigned': { status: 400, text: 'Upload preset must be whitelisted for unsigned uploads' },
  'unsigned-parameters': {
    status: 400,
    text: '{violations} Only {allowed} upload parameters are allowed.',
  },
  'preset-exists': { status: 409, text: 'Upload preset {name} already exists', ours: true },
  'preset-missing': { status: 404, text: "Can't find upload preset with name {name}", ours: true },

  // Files
  'empty-file': { status: 400, text: 'Empty file', ours: true },
  'file-too-large': { status: 400, text: 'File size too large. Got {got}. Maximum is {max}.' },
  'invalid-image': { status: 400, text: 'Invalid image file' },
  'invalid-video': { status: 400, text: 'Unsupported video format or file' },
  'format-not-allowed': { status: 400, text: '{kind} file format {format} not allowed' },
  'unknown-format-not-allowed': { status: 400, text: 'An unknown file format not allowed' },
  'remote-load-failed': { status: 400, text: 'Error in loading {url} - {reason}' },
  'unsupported-source': { status: 400, text: 'Unsupported source URL: {url}' },
  'image-too-large': {
    status: 400,
    text: 'Image is too large: {got} pixels. Maximum is {max} for {format}',
    ours: true,
  },
  'too-many-frames': {
    status: 400,
    text: 'Image has too many frames: {got}. Maximum is {max}',
    ours: true,
  },
  'image-too-complex': { status: 400, text: 'Image takes too much {reason} to process', ours: true },
  'unsupported-input': {
    status: 400,
    text: 'Unsupported format in transformation: {format} images cannot be transformed',
    ours: true,
  },
  'disk-full': { status: 500, text: 'The storage is full', ours: true },

  // Chunked uploads
  'invalid-content-range': { status: 400, text: 'Invalid header Content-Range: {value}', ours: true },
  'missing-upload-id': { status: 400, text: 'Missing required header - X-Unique-Upload-Id', ours: true },
  'invalid-upload-id': { status: 400, text: 'Invalid header X-Unique-Upload-Id', ours: true },
  'chunk-too-small': { status: 400, text: 'All parts except EOF-chunk must be larger than 5mb' },
  'chunk-length': {
    status: 400,
    text: 'Content-Range does not fit the file: the range has {expected} bytes, the file {got}',
    ours: true,
  },
  'chunk-not-bytes': { status: 400, text: 'A chunk must be sent as bytes, not as a URL', ours: true },
  'chunk-overlap': {
    status: 400,
    text: 'Content-Range {range} overlaps with bytes that were received before',
    ours: true,
  },
  'chunk-total-changed': {
    status: 400,
    text: 'Content-Range {range} changes the total, which is {total}',
    ours: true,
  },
  'chunk-outside': { status: 400, text: 'Content-Range {range} does not fit a total of {total}', ours: true },
  'chunk-of-nothing': {
    status: 400,
    text: 'Content-Range {range} is empty, and there is no upload with this X-Unique-Upload-Id',
    ours: true,
  },
  'chunk-resource-type': {
    status: 400,
    text: 'The upload with this X-Unique-Upload-Id was begun with resource type {type}',
    ours: true,
  },
  'chunk-public-id': {
    status: 400,
    text: 'The upload with this X-Unique-Upload-Id was begun with public ID {publicId}',
    ours: true,
  },
  'chunked-upload-failed': {
    status: 400,
    text: 'The upload with this X-Unique-Upload-Id has failed: {reason}',
    ours: true,
  },
  'too-many-open-uploads': {
    status: 420,
    text: 'Rate limit exceeded: too many unfinished chunked uploads. Maximum is {max}',
    ours: true,
  },
  'too-many-open-bytes': {
    status: 420,
    text: 'Rate limit exceeded: too many bytes in unfinished chunked uploads. Maximum is {max}',
    ours: true,
  },

  // Transformations
  'invalid-transformation': { status: 400, text: 'Invalid Transformation' },
  'invalid-transformation-value': { status: 400, text: 'Invalid {param} in transformation: {value}' },
  'invalid-extension': { status: 400, text: 'Invalid extension in transformation: {value}' },
  'unknown-transformation': { status: 400, text: 'Unknown transformation {name}' },
  'unsupported-transformation': {
    status: 400,
    text: 'Unsupported {param} in transformation: {value}',
    ours: true,
  },
  'gravity-auto-mode': {
    status: 400,
    text: 'Use auto gravity only with crop, fill, lfill, fill_pad or thumb',
  },
  'result-too-large': {
    status: 400,
    text: 'Image is too large: the result would have {got} pixels. Maximum is {max}',
    ours: true,
  },
  'transformation-timeout': {
    status: 400,
    text: 'Transformation took longer than {seconds} seconds',
    ours: true,
  },
  'transformation-exists': { status: 409, text: 'Transformation {name} already exists', ours: true },
  'transformation-missing': { status: 404, text: "Can't find transformation {name}", ours: true },

  // Resources and delivery
  'not-found': { status: 404, text: 'Resource not found - {publicId}' },
  'no-route': { status: 404, text: 'Not found', ours: true },
  'delivery-refused': { status: 401, text: 'deny or ACL failure' },
  'unsupported-delivery-type': { status: 400, text: 'Unsupported delivery type {type}', ours: true },

  // The server itself
  busy: {
    status: 420,
    text: 'Rate limit exceeded: the server is busy, retry in {seconds} seconds',
    ours: true,
  },
  'request-timeout': { status: 408, text: 'Request timeout', ours: true },
  'host-not-allowed': { status: 400, text: 'Host {host} is not allowed here', ours: true },
  internal: { status: 500, text: 'General Error', ours: true },
} as const satisfies Record<string, ErrorSpec>;

export interface ErrorSpec {
  readonly status: number;
  readonly text: string;
  /** The reference gives no wording; the text is ours. */
  readonly ours?: true;
}

export type ErrorCode = keyof typeof errorTable;

/** An error whose `message` is exactly what the wire carries. The only error class handlers and services throw on purpose. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** Seconds for a Retry-After header, when waiting helps. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    details: Readonly<Record<string, string | number>> = {},
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    const spec: ErrorSpec = errorTable[code];
    super(fill(spec.text, details), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = spec.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

function fill(text: string, details: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
}
