import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '@throughline/contracts/errors';
import type { QueryDeps } from '../query-deps.ts';
import { originOf } from '../request-origin.ts';

/** The one request whose bodies a link opens: its id may be used in several sessions, its place in the log is its own. */
export interface LinkedRequest {
  readonly tenantId: string;
  readonly requestId: string;
  readonly orderedAtMs: number;
  readonly partition: number;
  readonly offset: string;
}

export interface BodyLinks {
  /** A URL that needs no key, for 15 minutes; beginning with `/` where a caller does not say by which name it came. */
  make(linked: LinkedRequest, req: IncomingMessage): string;
  /**
   * What a link was made for.
   *
   * @throws ApiError `invalid-body-link`: whatever is wrong with it, the answer is the same, and nothing was looked up.
   */
  open(requestId: string, token: unknown): LinkedRequest;
}

/** Long enough to read a page of results and fetch what is of interest, short enough for a URL that lies in a log. */
const VALID_MS = 15 * 60_000;
/** Without a secret of the operator's, links are this process's own. */
const PROCESS_SECRET = randomBytes(32);

/**
 * Links to the bodies of single requests. Each is signed with `bodyUrlSecret` (HMAC-SHA256): for that request of that
 * tenant until that time, and nothing in it can be changed. Nothing is stored, so that none can be taken back before its
 * time, and every process that has the secret opens the links of all.
 */
export function createBodyLinks({ clock, config }: Pick<QueryDeps, 'clock' | 'config'>): BodyLinks {
  const secret = config?.bodyUrlSecret ?? PROCESS_SECRET;
  const sign = (requestId: string, claims: string) =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['bodies', requestId, claims]))
      .digest();

  return {
    make({ tenantId, requestId, orderedAtMs, partition, offset }, req) {
      const claims = [tenantId, orderedAtMs, partition, offset, clock.now() + VALID_MS] satisfies Claims;
      const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
      const token = `${text}.${sign(requestId, text).toString('base64url')}`;
      return `${originOf(req)}/v1/request/${encodeURIComponent(requestId)}/body?token=${token}`;
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
