import { randomBytes, randomInt } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Uniform `[a-z0-9]`, the alphabet of random public ids and suffixes (rulings, docs/decisions/0002). 20 characters are 103 bits. */
export function randomId(characters: number): string {
  let id = '';
  for (let index = 0; index < characters; index++) id += alphabet[randomInt(alphabet.length)];
  return id;
}

/** 32 hex digits: asset, version and derived ids. */
export function randomHexId(): string {
  return randomBytes(16).toString('hex');
}
