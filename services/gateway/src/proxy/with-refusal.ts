import type { ResponseHeaders } from './response-headers.ts';

/**
 * An answer that is none of a provider's, stored with what told its client so: `Helicone-Status`, `X-Helicone-Error` and what
 * was left of a rate limit. A cassette gives it as it was.
 *
 * @param headers names and values, alternating, as the client gets them.
 */
export function withRefusal(response: ResponseHeaders, headers: readonly string[]): ResponseHeaders {
  const stored = [...response.stored];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    if (TELLING.has(name) || name.startsWith(TELLING_PREFIX)) stored.push([name, headers[i + 1]!]);
  }
  return { ...response, stored };
}

const TELLING = new Set(['helicone-status', 'x-helicone-error']);
const TELLING_PREFIX = 'helicone-ratelimit-';
