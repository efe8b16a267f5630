import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Environment } from './context.js';

/** The only reader of the environment in the command. The environment wins over `.env`. */
export function readEnvironment(): Environment {
  const variables = process.env;
  return { variables, cloudinaryUrl: variables.CLOUDINARY_URL || dotEnv().CLOUDINARY_URL || null };
}

function dotEnv(): Record<string, string | undefined> {
  try {
    return { ...parseEnv(readFileSync('.env', 'utf8')) };
  } catch {
    return {};
  }
}
