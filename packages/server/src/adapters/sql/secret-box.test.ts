import { describe, expect, it } from 'vitest';
import { createSecretBox, SealBrokenError } from './secret-box.js';

const key = Buffer.alloc(32, 1);
const owner = { apiKey: '123', cloud: 'demo' };

describe('createSecretBox', () => {
  it.each(['s', 'abcd', '\u{1f511} \0 \n', 'x'.repeat(1_000), ''])('opens what it sealed: %j', (secret) => {
    const box = createSecretBox(key);
    expect(box.open(box.seal(secret, owner), owner)).toBe(secret);
  });

  it('seals anew each time and shows nothing of the secret', () => {
    const box = createSecretBox(key);
    const sealed = box.seal('plain-secret', owner);
    expect(sealed).toMatch(/^a1\.[\w-]+$/);
    expect(box.seal('plain-secret', owner)).not.toBe(sealed);
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('plain-secret');
  });

  const sealed = createSecretBox(key).seal('plain-secret', owner);
  const flipped = (at: number) => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return `a1.${bytes.toString('base64url')}`;
  };

  it.each([
    ['another master key', Buffer.alloc(32, 2), sealed, owner],
    ['another API key', key, sealed, { ...owner, apiKey: '124' }],
    ['another cloud', key, sealed, { ...owner, cloud: 'other' }],
    ['names moved across', key, sealed, { apiKey: '12', cloud: '3demo' }],
    ['a changed nonce', key, flipped(0), owner],
    ['a changed text', key, flipped(13), owner],
    ['a changed tag', key, flipped(39), owner],
    ['a cut text', key, sealed.slice(0, 20), owner],
    ['another scheme', key, sealed.replace('a1.', 'b7.'), owner],
    ['no text', key, '', owner],
  ])('does not open with %s, and says nothing of the secret', (_, masterKey, text, who) => {
    const open = () => createSecretBox(masterKey).open(text, who);
    expect(open).toThrow(SealBrokenError);
    expect(open).toThrow(who.apiKey);
    expect(open).not.toThrow('plain-secret');
  });

  it.each([0, 16, 31, 33])('refuses a master key of %d bytes', (bytes) => {
    expect(() => createSecretBox(Buffer.alloc(bytes))).toThrow('master key');
  });
});
