import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCredentials } from '@counterseal/signer';

const envFile = fileURLToPath(new URL('.env', import.meta.url));

/** Where the original service lives; any other service is one origin. */
const original = {
  apiOrigin: 'https://api.cloudinary.com',
  mediaOrigin: 'https://res.cloudinary.com',
  widgetScript: 'https://upload-widget.cloudinary.com/global/all.js',
};

/**
 * Everything the app is told from outside. What stands in the environment wins over `.env`. `credentials` hold the API secret and
 * go to the signing endpoints; `inPages` may be seen by everybody; `origins` are where pages may load from and upload to.
 * @throws TypeError when CLOUDINARY_URL is missing, or something is unreadable
 */
export function readSettings() {
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const { CLOUDINARY_URL, UPLOAD_PRESET = '', PORT = '3000', WIDGET_SCRIPT, MEDIA_ORIGIN } = process.env;
  const credentials = readCredentials(CLOUDINARY_URL);
  const api = originOf('upload_prefix', credentials.uploadPrefix);
  const usual =
    api === original.apiOrigin ? original : { mediaOrigin: api, widgetScript: `${api}/global/all.js` };
  const widgetScript = WIDGET_SCRIPT || usual.widgetScript;
  return {
    credentials,
    port: Number(PORT),
    inPages: {
      cloudName: credentials.cloudName,
      apiKey: credentials.apiKey,
      apiUrl: api,
      uploadPreset: UPLOAD_PRESET,
      widgetScript,
    },
    origins: {
      api,
      script: originOf('WIDGET_SCRIPT', widgetScript),
      media: originOf('MEDIA_ORIGIN', MEDIA_ORIGIN || usual.mediaOrigin),
    },
  };
}

function originOf(name, url) {
  if (!URL.canParse(url)) throw new TypeError(`${name} is not an address: ${url}`);
  return new URL(url).origin;
}
