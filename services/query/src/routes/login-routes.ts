import { loginAnswer, loginBody } from '@throughline/contracts/api/login';
import { ApiError } from '@throughline/contracts/errors';
import { createLoginKey } from '../login/login-key.ts';
import { requireOwnPage } from '../login/require-own-page.ts';
import { parseBody } from '../parse-body.ts';
import type { QueryDeps } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { SignedRoute } from '../route.ts';

/** Signing in with a link that `throughline start` or `throughline login` has printed. */
export function loginRoutes(deps: QueryDeps): SignedRoute[] {
  return [
    {
      method: 'post',
      path: '/v1/login',
      access: 'public-login',
      doc: {
        summary: 'Make a key from the token of a link that was printed where Throughline runs; each works once',
        body: loginBody,
        query: null,
        answer: loginAnswer,
        errors: [
          'invalid-login',
          'too-many-logins',
          'foreign-login',
          'not-offered',
          'too-many-keys',
          'too-many-queries',
        ],
      },
      handle: async ({ req, body }) => {
        requireOwnPage(req.headers);
        if (!deps.logins) throw new ApiError('not-offered', NOT_OFFERED);
        const { token } = parseBody(loginBody, body);
        deps.logins.take(token);
        const { key, permissions, expiresAtMs } = await createLoginKey(deps);
        return {
          data: { api_key: key, expires_at: timestamp(expiresAtMs), permissions },
          headers: { 'Cache-Control': 'no-store' },
          from: 'snapshots',
        };
      },
    },
  ];
}

const NOT_OFFERED = {
  feature: 'Signing in by a link',
  instead: 'sign in with a key: `throughline key create` makes one',
};
