import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError } from '@throughline/contracts/errors';

/** Tokens by which somebody who may run commands on this machine signs in with a browser, each once. */
export interface LoginTokens {
  /** @returns a new one: 43 characters that a URL takes as they are. */
  create(): string;
  /**
   * Uses a token up.
   *
   * @throws ApiError `invalid-login` when it is none of those that are open, `too-many-logins` after too many that were none.
   */
  take(token: string): void;
}

/** Long enough to walk to another machine. */
export const LOGIN_TOKEN_MS = 15 * 60_000;

/** Nobody has as many links open; each new one ends the oldest. */
const OPEN_MAX = 10;
/** Tokens that are none, per minute of the whole process. Nobody guesses 256 bits; this is so that nobody tries. */
const REFUSED_PER_MINUTE = 30;
const MINUTE_MS = 60_000;

interface OpenToken {
  readonly hash: Buffer;
  readonly endsAtMs: number;
}

/** @param now epoch ms. */
export function createLoginTokens(now: () => number): LoginTokens {
  let open: readonly OpenToken[] = [];
  let minute = { startedAtMs: 0, refused: 0 };

  return {
    create() {
      const token = randomBytes(32).toString('base64url');
      const added = { hash: hashOf(token), endsAtMs: now() + LOGIN_TOKEN_MS };
      open = [...open.filter(({ endsAtMs }) => endsAtMs > now()), added].slice(-OPEN_MAX);
      return token;
    },
    take(token) {
      const at = now();
      const hash = hashOf(token);
      // All of them, whichever it is.
      const matching = open.filter((one) => timingSafeEqual(one.hash, hash));
      open = open.filter((one) => !matching.includes(one));
      if (matching.some(({ endsAtMs }) => endsAtMs > at)) return;
      if (Math.abs(at - minute.startedAtMs) >= MINUTE_MS) minute = { startedAtMs: at, refused: 0 };
      // Whoever has a link gets in meanwhile: nobody can lock others out.
      throw new ApiError(minute.refused++ < REFUSED_PER_MINUTE ? 'invalid-login' : 'too-many-logins');
    },
  };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
