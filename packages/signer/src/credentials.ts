/** Whose signatures are made, and where uploads go. */
export interface SignerCredentials {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Scheme, host and port of the Upload API; the original service when absent. */
  readonly uploadPrefix?: string;
}

const originalService = 'https://api.cloudinary.com';

/**
 * Credentials as an object, or as `cloudinary://KEY:SECRET@CLOUD?upload_prefix=URL` (upload-api reference, section 8); key and
 * secret are percent-decoded. Problems never repeat the text.
 * @throws TypeError
 */
export function readCredentials(given: SignerCredentials | string | undefined): Required<SignerCredentials> {
  const { uploadPrefix, ...account } = typeof given === 'object' ? given : parseUrl(given);
  for (const [name, value] of Object.entries(account)) {
    if (typeof value !== 'string' || value === '') throw new TypeError(`the credentials have no ${name}`);
  }
  return { ...account, uploadPrefix: (uploadPrefix ?? originalService).replace(/\/+$/, '') };
}

function parseUrl(text: string | undefined): SignerCredentials {
  const match = /^cloudinary:\/\/([^:@/]+):([^@/]+)@([A-Za-z][A-Za-z0-9-]{1,127})\/?(?:\?(.*))?$/.exec(
    text ?? '',
  );
  const [, apiKey, apiSecret, cloudName, query = ''] = match ?? [];
  if (apiKey === undefined || apiSecret === undefined || cloudName === undefined) {
    throw new TypeError(
      'credentials must look like cloudinary://KEY:SECRET@CLOUD (the value of CLOUDINARY_URL)',
    );
  }
  const uploadPrefix = new URLSearchParams(query).get('upload_prefix');
  return {
    cloudName,
    apiKey: decode(apiKey),
    apiSecret: decode(apiSecret),
    ...(uploadPrefix === null ? {} : { uploadPrefix }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError('the credentials hold a percent sign that is not an encoding (write it as %25)');
  }
}
