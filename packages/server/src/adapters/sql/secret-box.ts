import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const MASTER_KEY_BYTES = 32;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First part of every sealed text, so that a later scheme can be told apart. */
const SCHEME = 'a1';

/** Whom a sealed text belongs to. It opens for nobody else, so rows cannot be swapped inside the database file. */
export interface SecretOwner {
  readonly apiKey: string;
  readonly cloud: string;
}

/** Keeps secrets that the server must be able to read again, as the signatures need the plain text (threat model T40). */
export interface SecretBox {
  /** ASCII text; another one each time. */
  seal(secret: string, owner: SecretOwner): string;
  /** Throws {@link SealBrokenError} when the master key, the owner or the text is not the one of sealing. */
  open(sealed: string, owner: SecretOwner): string;
}

/** A sealed text does not open: another master key, or the row was changed. Names the key, never a secret. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
}

/** AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces; the owner is the associated data. */
export function createSecretBox(masterKey: Buffer): SecretBox {
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new TypeError(`the master key has ${masterKey.length} bytes, not ${MASTER_KEY_BYTES}`);
  }
  return {
    seal: (secret, owner) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associatedData(owner));
      const sealed = Buffer.concat([
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return `${SCHEME}.${sealed.toString('base64url')}`;
    },

    open: (sealed, owner) => {
      try {
        return unseal(masterKey, sealed, owner);
      } catch (cause) {
        throw new SealBrokenError(
          `The secret of API key ${owner.apiKey} does not open: this is not the master key it was stored with, or the row was changed`,
          { cause },
        );
      }
    },
  };
}

function unseal(masterKey: Buffer, text: string, owner: SecretOwner): string {
  const [scheme, encoded] = text.split('.');
  if (scheme !== SCHEME || encoded === undefined) throw new Error('unknown sealing scheme');
  const sealed = Buffer.from(encoded, 'base64url');
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('sealed text is too short');
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(owner));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const secret = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([secret, decipher.final()]).toString('utf8');
}

/** JSON keeps the two names apart whatever characters they hold. */
function associatedData({ apiKey, cloud }: SecretOwner): Buffer {
  return Buffer.from(JSON.stringify([apiKey, cloud]), 'utf8');
}
