import { UsageError } from './failures.js';

/** Where an account lives and how to sign for it. */
export interface CloudinaryUrl {
  readonly cloud: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Scheme, host and port of the API, without a closing slash. */
  readonly uploadPrefix: string;
}

const defaultUploadPrefix = 'https://api.cloudinary.com';

/**
 * Reads `cloudinary://KEY:SECRET@CLOUD?upload_prefix=URL`. Key and secret are percent-decoded.
 * Problems never repeat the text: it holds the secret.
 * Upload-api reference, section 8.
 */
export function parseCloudinaryUrl(text: string | null): CloudinaryUrl {
  if (text === null)
    throw new UsageError(
      'CLOUDINARY_URL is not set. Set it, or write it to .env: CLOUDINARY_URL=cloudinary://KEY:SECRET@CLOUD?upload_prefix=http://127.0.0.1:8420',
    );
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'cloudinary:' || !url.hostname || !url.username || !url.password)
    throw new UsageError(
      'CLOUDINARY_URL must look like cloudinary://KEY:SECRET@CLOUD (percent-encode special characters of the secret)',
    );
  const prefix = url.searchParams.get('upload_prefix') ?? defaultUploadPrefix;
  if (!/^https?:\/\//.test(prefix) || !URL.canParse(prefix))
    throw new UsageError('upload_prefix in CLOUDINARY_URL must be an http(s) URL');
  return {
    cloud: url.hostname,
    apiKey: decode(url.username),
    apiSecret: decode(url.password),
    uploadPrefix: prefix.replace(/\/+$/, ''),
  };
}

/** Prints what {@link parseCloudinaryUrl} reads. */
export function formatCloudinaryUrl({ cloud, apiKey, apiSecret, uploadPrefix }: CloudinaryUrl): string {
  const userInfo = `${encodeURIComponent(apiKey)}:${encodeURIComponent(apiSecret)}`;
  return `cloudinary://${userInfo}@${cloud}?upload_prefix=${uploadPrefix}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError('CLOUDINARY_URL holds a percent sign that is not an encoding (write it as %25)');
  }
}
