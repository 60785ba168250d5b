import { ApiError } from '@throughline/contracts/errors';
import type { RequestHandler } from 'express';

/** True for `localhost`, `*.localhost`, 127.0.0.0/8 and `[::1]`, with or without a port. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Refuses calls whose Host header is not a loopback name. A server on loopback asks for no key, so a web page whose
 * name was rebound to 127.0.0.1 could otherwise read everything. Mount it only when bound to loopback.
 *
 * @param allowedHosts further host names (without port, lower case), e.g. from /etc/hosts.
 * @throws ApiError `foreign-host`
 */
export function loopbackHostCheck(allowedHosts: readonly string[] = []): RequestHandler {
  const allowed = new Set(allowedHosts);
  // Nearly every call carries the same Host: compare with the last good one first.
  let lastGood: string | undefined;
  return (req, _res, next) => {
    const host = req.headers.host ?? '';
    if (host !== lastGood) {
      if (!isLoopbackHost(host) && !allowed.has(host.replace(/:\d*$/, '').toLowerCase())) {
        return next(new ApiError('foreign-host', { host }));
      }
      lastGood = host;
    }
    next();
  };
}

const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
