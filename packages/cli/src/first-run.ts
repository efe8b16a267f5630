import { formatCloudinaryUrl } from './cloudinary-url.js';

/** What the server made on its first start. */
export interface FirstRun {
  readonly cloud: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** A photo to try with. */
  readonly samplePath: string;
}

const eager = 'w_400,h_300,c_pad|w_260,h_200,c_crop';

/**
 * What a newcomer needs, once: the account, what an SDK must be told to build delivery URLs, and two uploads to paste. The
 * secret is shown here and never again.
 */
export function firstRunLines(url: string, { cloud, apiKey, apiSecret, samplePath }: FirstRun): string[] {
  const account = formatCloudinaryUrl({ cloud, apiKey, apiSecret, uploadPrefix: url });
  return [
    'A cloud and an API key were made. Keep this line; the secret is not shown again:',
    '',
    `CLOUDINARY_URL=${account}`,
    `SDK options for delivery URLs: { secure: false, cname: '${new URL(url).host}' }`,
    '',
    'Upload the sample photo with the key and secret (Basic):',
    '',
    basicCurl(url, { cloud, apiKey, apiSecret, samplePath }),
    '',
    'Upload it with a signature, two derivatives made at once:',
    '',
    signedCurl(url, { cloud, apiKey, apiSecret, samplePath }),
    '',
  ];
}

function basicCurl(url: string, { cloud, apiKey, apiSecret, samplePath }: FirstRun): string {
  return `curl -u ${quote(`${apiKey}:${apiSecret}`)} -F ${quote(filePart(samplePath))} ${uploadUrl(url, cloud)}`;
}

/** Asks the clock once, inside the line, so that the signature is fresh whenever it is pasted. */
function signedCurl(url: string, { cloud, apiKey, apiSecret, samplePath }: FirstRun): string {
  const toSign = `${quote(`eager=${eager}&timestamp=`)}\${t}${quote(apiSecret)}`;
  const digest = "openssl dgst -sha256 -r | cut -d' ' -f1";
  const signed = `$(t=$(date +%s); echo "-F timestamp=$t -F signature=$(printf %s ${toSign} | ${digest})")`;
  return `curl ${signed} -F api_key=${quote(apiKey)} -F ${quote(`eager=${eager}`)} -F ${quote(filePart(samplePath))} ${uploadUrl(url, cloud)}`;
}

function uploadUrl(url: string, cloud: string): string {
  return `${url}/v1_1/${cloud}/image/upload`;
}

/** curl reads `,` and `;` in file names as its own syntax unless the name is quoted. */
function filePart(path: string): string {
  return /[,;"\\]/.test(path) ? `file=@"${path.replace(/["\\]/g, '\\$&')}"` : `file=@${path}`;
}

/** A word for the shell, quoted only when it must be. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
