import { PROVIDERS, type Provider } from './provider-table.ts';

/** Origins that replace every host of a provider, by stored provider name: what `PROVIDER_<NAME>_URL` sets. */
export type ProviderOrigins = Readonly<Record<string, string>>;

/**
 * The provider that a path segment (`/v1/gateway/<label>/…`) or the first label of a Host name selects.
 *
 * @returns undefined for labels of no provider, `gateway` (the generic gateway) among them.
 */
export function providerByLabel(label: string): Provider | undefined {
  return BY_LABEL.get(label) ?? BY_LABEL.get(label.toLowerCase());
}

/**
 * The provider that answers at a URL; remembers each origin, so that a call costs one Map look-up.
 *
 * @param url absolute; with its path where it is known, which only matters for servers on this machine.
 */
export function providerByHost(url: string): Provider | undefined {
  const pathAt = pathStart(url);
  const origin = pathAt < 0 ? url : url.slice(0, pathAt);
  let found = byOrigin.get(origin);
  if (found === undefined) {
    found = matchOrigin(origin);
    if (byOrigin.size >= ORIGINS_REMEMBERED_MAX) byOrigin.clear();
    byOrigin.set(origin, found);
  }
  if (found === 'this-machine') return pathAt > 0 && isVersionedPath(url, pathAt) ? LOCAL : undefined;
  return found ?? undefined;
}

/** A provider by its stored name, e.g. `OPENAI`. */
export function providerByName(name: string): Provider | undefined {
  return BY_NAME.get(name);
}

/** What is stored as the provider of a call: the name of the host's provider, else the lower-cased URL itself. */
export function storedProviderName(url: string): string {
  return providerByHost(url)?.name ?? url.toLowerCase();
}

/**
 * Where a provider's calls go: the configured origin, else its public one.
 *
 * @returns undefined where the target depends on the account (Azure, Bedrock) and none is configured: the call has to
 * name it.
 */
export function resolveOrigin(provider: Provider, overrides: ProviderOrigins): string | undefined {
  return overrides[provider.name] ?? provider.origin ?? undefined;
}

/** Origins remembered: callers may name any target, so the memory of them is bounded. A few hundred bytes each. */
const ORIGINS_REMEMBERED_MAX = 4096;

const BY_NAME = new Map(PROVIDERS.map((provider) => [provider.name, provider]));
const LOCAL = BY_NAME.get('LOCAL');

const BY_LABEL = new Map<string, Provider>();
for (const provider of PROVIDERS) BY_LABEL.set(provider.name.toLowerCase(), provider);
// After the names: `bedrock` is the label of AWS, and only by second choice the stored name of old rows.
for (const provider of PROVIDERS) for (const label of provider.labels) BY_LABEL.set(label, provider);

const byOrigin = new Map<string, Provider | 'this-machine' | null>();

function pathStart(url: string): number {
  const hostAt = url.indexOf('://');
  if (hostAt < 0) return -1;
  for (let at = hostAt + 3; at < url.length; at++) {
    const char = url.charCodeAt(at);
    // "/", "?", "#" and, as URL parsers read it, "\".
    if (char === 47 || char === 63 || char === 35 || char === 92) return at;
  }
  return -1;
}

function matchOrigin(origin: string): Provider | 'this-machine' | null {
  const url = URL.parse(origin);
  if (!url) return null;
  const host = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname;
  if (url.protocol === 'http:' && host === '127.0.0.1') return 'this-machine';
  return PROVIDERS.find((provider) => provider.hosts.some((pattern) => hostMatches(host, pattern))) ?? null;
}

function hostMatches(host: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return host === pattern;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  return host.length > before.length + after.length && host.startsWith(before) && host.endsWith(after);
}

/** `/v<n>`, alone or before another segment. */
function isVersionedPath(url: string, pathAt: number): boolean {
  return /^\/v\d+(?:[/?#]|$)/.test(url.slice(pathAt, pathAt + 24));
}
