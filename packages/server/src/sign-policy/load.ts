import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { claimNames } from './claims.js';
import { policyFor } from './policy-for.js';
import { minimumSecretCharacters, type SignPolicyFile, signPolicySchema } from './schema.js';

/** A policy file with its secrets at hand. */
export interface SignPolicy {
  readonly file: SignPolicyFile;
  /** Key of an HS256 token; null when the file has none. */
  readonly jwtSecret: string | null;
  /** The shared token; null when the file has none. */
  readonly tokenSecret: string | null;
}

/** All problems of a policy file, one a line. Never repeats a secret. */
export class SignPolicyError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads a policy file; a file that holds anything unknown is refused as a whole.
 * @throws SignPolicyError
 */
export async function loadSignPolicy(path: string): Promise<SignPolicy> {
  const parsed = signPolicySchema.safeParse(parse(await read(path), path));
  if (!parsed.success) throw new SignPolicyError(issueLines(parsed.error, path).join('\n'));
  const file = parsed.data;
  const secretOf = (kind: 'jwt' | 'token') => readSecret(file.authorize[kind], kind, path);
  const policy: SignPolicy = {
    file,
    jwtSecret: await secretOf('jwt'),
    tokenSecret: await secretOf('token'),
  };
  tryPolicy(file, path);
  return policy;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new SignPolicyError(`cannot read ${path}`);
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the text, which may hold a secret: only the place is repeated.
    const place = /position \d+( \(line \d+ column \d+\))?/.exec(
      error instanceof Error ? error.message : '',
    )?.[0];
    throw new SignPolicyError(`${path} is not JSON${place === undefined ? '' : `, see ${place}`}`);
  }
}

function issueLines(error: z.ZodError, path: string): string[] {
  return error.issues.map((issue) => `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`);
}

async function readSecret(
  source: SignPolicyFile['authorize']['jwt'] | SignPolicyFile['authorize']['token'],
  kind: 'jwt' | 'token',
  path: string,
): Promise<string | null> {
  if (source === undefined || 'jwksUrl' in source) return null;
  const { secret: inline, secretFile } = source;
  const secret = secretFile === undefined ? inline : (await read(resolve(dirname(path), secretFile))).trim();
  if (secret === undefined || secret.length < minimumSecretCharacters[kind]) {
    throw new SignPolicyError(
      `${path}: authorize.${kind}: the secret is shorter than ${minimumSecretCharacters[kind]} characters`,
    );
  }
  return secret;
}

/** Builds the policy once with made-up claims, so that what cannot work is said at start and not to the first visitor. */
function tryPolicy(file: SignPolicyFile, path: string): void {
  const claims = Object.fromEntries(claimNames(file).map((name) => [name, 'x']));
  try {
    policyFor(file.policy, claims);
  } catch (error) {
    throw new SignPolicyError(`${path}: policy: ${error instanceof Error ? error.message : String(error)}`);
  }
}
