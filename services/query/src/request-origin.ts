import type { IncomingMessage } from 'node:http';

/**
 * By which name the caller has reached us, so that a link can be fetched as it stands; `''` where the caller does not say. It
 * comes from the caller's own headers, and goes into what that caller, or its tenant, is told alone.
 */
export function originOf({ headers }: IncomingMessage): string {
  const { host } = headers;
  const url = host === undefined ? null : URL.parse(`http://${host}`);
  if (!url || url.host.toLowerCase() !== host!.toLowerCase().replace(/:80$/, '')) return '';
  // We speak HTTP; whoever takes TLS off in front of us says so, the outermost first.
  const isEncrypted = /^\s*https\s*(,|$)/i.test(String(headers['x-forwarded-proto'] ?? ''));
  return `${isEncrypted ? 'https' : 'http'}://${host}`;
}
