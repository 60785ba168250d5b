import { LOGIN_TOKEN_MS } from '@throughline/query/login/login-tokens';

/** Behind `#`, which no browser sends: the token is in no log on the way. */
export function loginLinkOf(url: string, token: string): string {
  return `${url}/login#token=${token}`;
}

/** How long a link works, as a person reads it. */
export const LINK_WORKS = `once, for ${LOGIN_TOKEN_MS / 60_000} minutes`;
