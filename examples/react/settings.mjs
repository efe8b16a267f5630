import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From the environment, and from `.env` beside this file for what the environment does not say. */
export function readSettings() {
  const file = fileURLToPath(new URL('.env', import.meta.url));
  if (existsSync(file)) process.loadEnvFile(file);
  const { CLOUDINARY_URL, API_URL, UPLOAD_PRESET, HOST, PORT, DEMO_USER, DEMO_PASSWORD, SESSION_SECRET } =
    process.env;
  return {
    cloudinaryUrl: CLOUDINARY_URL,
    apiUrl: API_URL?.replace(/\/+$/, '') || undefined,
    uploadPreset: UPLOAD_PRESET || 'open',
    /** Of this machine only, as long as the password is everybody's. */
    host: HOST || '127.0.0.1',
    port: Number(PORT || 3001),
    demoUser: DEMO_USER || 'ada',
    demoPassword: DEMO_PASSWORD || 'lovelace',
    /** Without one, everybody is logged out when the server is started again. */
    sessionSecret: SESSION_SECRET || randomBytes(32),
  };
}
