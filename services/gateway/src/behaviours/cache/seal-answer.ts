import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Encrypts the body of an answer for whoever makes the same call again, and for nobody else: the secret comes from the call,
 * its credential among the rest, and is kept nowhere. So the store has nothing to read that is masked elsewhere. It takes as long
 * as all the rest of an answer from the cache, by the objects that it makes.
 *
 * @param secret 32 bytes. @returns nonce, tag and the sealed bytes.
 */
export function sealAnswer(body: Uint8Array, secret: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  const sealed = cipher.update(body);
  // The mode has no padding: nothing comes at the end.
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error where the bytes are not what was sealed with this secret. */
export function openAnswer(sealed: Buffer, secret: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const body = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
  decipher.final();
  return body;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
