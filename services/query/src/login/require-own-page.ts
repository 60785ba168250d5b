import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '@throughline/contracts/errors';

/**
 * Lets pages of this very address through, and callers that are no pages: a page elsewhere shall not sign anybody in,
 * whatever CORS_ORIGINS says.
 *
 * @throws ApiError `foreign-login`
 */
export function requireOwnPage({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): void {
  if (origin !== undefined && !isOf(origin, host)) throw new ApiError('foreign-login', { origin: String(origin) });
  if (origin === undefined && site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new ApiError('foreign-login', { origin: 'another address' });
  }
}

/** Compared without the scheme: TLS may end in front of this process. */
function isOf(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (
    /^https?:$/.test(url.protocol) &&
    URL.canParse(`${url.protocol}//${host}`) &&
    new URL(`${url.protocol}//${host}`).host === url.host
  );
}
