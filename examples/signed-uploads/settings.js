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
 * go to the signing endpoints; everything else may be in a page.
 * @throws TypeError when CLOUDINARY_URL is missing or unreadable
 */
export function readSettings() {
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const { CLOUDINARY_URL, UPLOAD_PRESET = '', PORT = '3000', WIDGET_SCRIPT, MEDIA_ORIGIN } = process.env;
  const credentials = readCredentials(CLOUDINARY_URL);
  const apiOrigin = new URL(credentials.uploadPrefix).origin;
  const usual =
    apiOrigin === original.apiOrigin
      ? original
      : { apiOrigin, mediaOrigin: apiOrigin, widgetScript: `${apiOrigin}/global/all.js` };
  return {
    credentials,
    port: Number(PORT),
    inPages: {
      cloudName: credentials.cloudName,
      apiKey: credentials.apiKey,
      apiUrl: apiOrigin,
      uploadPreset: UPLOAD_PRESET,
      widgetScript: WIDGET_SCRIPT || usual.widgetScript,
    },
    mediaOrigin: MEDIA_ORIGIN || usual.mediaOrigin,
  };
}
