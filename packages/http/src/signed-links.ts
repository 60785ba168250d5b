import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from '@throughline/contracts/errors';

/** The one request whose bodies a link opens: its id may be used in several sessions, its place in the log is its own. */
export interface LinkedRequest {
  readonly tenantId: string;
  readonly requestId: string;
  readonly orderedAtMs: number;
  readonly partition: number;
  readonly offset: string;
}

export interface SignedLinks {
  /** A URL that needs no key, for 15 minutes. @param origin by which the API is reached; `''`: the URL begins with `/`. */
  make(linked: LinkedRequest, origin: string): string;
  /**
   * What a link was made for.
   *
   * @throws ApiError `invalid-body-link`: whatever is wrong with it, the answer is the same, and nothing was looked up.
   */
  open(requestId: string, token: unknown): LinkedRequest;
}

/** Long enough to read a page of results and fetch what is of interest, short enough for a URL that lies in a log. */
const VALID_MS = 15 * 60_000;

/**
 * Links to the bodies of single requests. Each is signed with the secret (HMAC-SHA256): for that request of that
 * tenant until that time, and nothing in it can be changed. Nothing is stored, so that none can be taken back before its
 * time, and every process that has the secret opens the links of all.
 */
export function createSignedLinks({
  secret,
  clock,
}: {
  readonly secret: string | Uint8Array;
  readonly clock: { now(): number };
}): SignedLinks {
  const sign = (requestId: string, claims: string) =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['bodies', requestId, claims]))
      .digest();

  return {
    make({ tenantId, requestId, orderedAtMs, partition, offset }, origin) {
      const claims = [tenantId, orderedAtMs, partition, offset, clock.now() + VALID_MS] satisfies Claims;
      const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
      const token = `${text}.${sign(requestId, text).toString('base64url')}`;
      return `${origin}/v1/request/${encodeURIComponent(requestId)}/body?token=${token}`;
    },
    open(requestId, token) {
      const [, text, signature] = (typeof token === 'string' && TOKEN.exec(token)) || [];
      if (text === undefined || signature === undefined) throw new ApiError('invalid-body-link');
      if (!timingSafeEqual(Buffer.from(signature, 'base64url'), sign(requestId, text))) {
        throw new ApiError('invalid-body-link');
      }
      // Ours, so it is what `make` wrote.
      const claims = JSON.parse(Buffer.from(text, 'base64url').toString()) as Claims;
      const [tenantId, orderedAtMs, partition, offset, expiresMs] = claims;
      if (clock.now() >= expiresMs) throw new ApiError('invalid-body-link');
      return { tenantId, requestId, orderedAtMs, partition, offset };
    },
  };
}

/** Claims, and the 32 bytes of their signature. */
const TOKEN = /^([\w-]+)\.([\w-]{43})$/;

type Claims = [tenantId: string, orderedAtMs: number, partition: number, offset: string, expiresMs: number];
