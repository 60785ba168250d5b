/**
 * The setting ALLOWED_TARGETS: hosts that may be reached although their address is not public. A name or address must
 * be written literally, with or without a port. `*` and `*.example.com` are accepted and mean public addresses, which
 * are allowed anyway: a pattern never opens the private network.
 *
 * @throws TypeError for an entry that is not `host[:port]`.
 */
export function parseAllowedTargets(entries: readonly string[]): (url: URL) => boolean {
  const literal = new Set<string>();
  for (const entry of entries) {
    if (entry.includes('*')) {
      if (!WILDCARD.test(entry)) throw new TypeError(`ALLOWED_TARGETS has ${entry}, which is not host[:port]`);
      continue;
    }
    const bracketed = entry.includes(':') && /^[0-9a-f:.]+$/i.test(entry) && entry.split(':').length > 2;
    // The port must be looked at as written: URL drops a scheme's default.
    const port = bracketed ? '' : (/:(\d{1,5})$/.exec(entry)?.[1] ?? '');
    const url = URL.parse(`http://${bracketed ? `[${entry}]` : entry}`);
    if (!url || !/^[^/?#@\\]+$/.test(entry)) {
      throw new TypeError(`ALLOWED_TARGETS has ${entry}, which is not host[:port]`);
    }
    literal.add(`${hostOf(url)}${port === '' ? '' : `:${Number(port)}`}`);
  }
  return (url) => {
    const host = hostOf(url);
    return literal.has(host) || literal.has(`${host}:${portOf(url)}`);
  };
}

/** The host name or address without brackets and trailing dot, lower case. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

const WILDCARD = /^\*(?:\.[a-z0-9.-]+)?(?::\d{1,5})?$/i;
