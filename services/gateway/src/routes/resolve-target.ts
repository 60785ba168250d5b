import { ApiError } from '@throughline/contracts/errors';
import { parseTarget, shownTarget } from '@throughline/outbound/target-policy';
import { bedrockOrigin, regionalPath, regionOfHost } from '../bedrock/bedrock-region.ts';
import type { ProviderDirectory } from '../provider-directory.ts';
import type { CallHeaders } from '../request/call-headers.ts';
import { type CallRoute, GENERIC_LABEL } from '../request/route-of.ts';

export interface CallTarget {
  readonly origin: string;
  /** As stored: a provider of the table, else the target's origin. */
  readonly provider: string;
  /** With its query, as it is sent. */
  readonly path: string;
  /** Of AWS, where the call names one. */
  readonly region?: string;
}

/**
 * Which origin a call goes to, by its label and headers (wire contract 1.3). Only scheme, host and port of a target
 * header count. Whether the origin may be reached is decided where connections are made.
 *
 * @throws ApiError for a label or header that names no target.
 */
export function resolveTarget(
  { label, rest }: CallRoute,
  headers: CallHeaders,
  providers: ProviderDirectory,
): CallTarget {
  if (label === GENERIC_LABEL) {
    if (headers.targetUrl === '') throw new ApiError('missing-target');
    return targetOf(parseTarget(headers.targetUrl), rest, providers);
  }
  if (label === 'ai-gateway') throw new ApiError('not-offered', AI_GATEWAY);
  const route = providers.forLabel(label);
  if (!route) throw new ApiError('unknown-provider');
  if (!rest.startsWith(route.pathPrefix)) {
    throw new ApiError('invalid-provider-path', { provider: route.provider, prefix: route.pathPrefix });
  }
  const regional = route.provider === 'AWS' ? regionalPath(rest) : undefined;
  if (regional) {
    const { region, path } = regional;
    return { origin: route.origin ?? bedrockOrigin(region), provider: route.provider, path, region };
  }
  // A key for one provider must not reach another host: where a label is given, targets are limited to known hosts.
  const base = (TAKES_API_BASE.has(route.provider) && headers.openaiApiBase) || headers.targetUrl;
  if (base === '' || !(OVERRIDABLE.has(route.provider) || route.origin === undefined)) {
    if (route.origin === undefined) throw new ApiError('missing-target');
    return { origin: route.origin, provider: route.provider, path: rest };
  }
  const url = parseTarget(base);
  const known = providers.forTarget(url, rest);
  const origin = known?.origin ?? url.origin;
  const isTrusted = providers.trustedOrigins.has(origin) || (known !== undefined && isItsOwn(url, known.provider));
  if (!isTrusted) throw new ApiError('invalid-api-base', { value: shownTarget(base) });
  return towards(url, rest, origin, known?.provider ?? route.provider);
}

/** A key goes to its provider's own service: neither in clear text, nor to another port of the host. */
function isItsOwn({ protocol, port }: URL, provider: string): boolean {
  return provider === LOCAL || (protocol === 'https:' && port === '');
}

/** Servers on this machine, which only an operator can allow. */
const LOCAL = 'LOCAL';

/** What a target that a caller names is: the generic gateway goes anywhere. */
export function targetOf(url: URL, path: string, providers: ProviderDirectory): CallTarget {
  const known = providers.forTarget(url, path);
  // The wire contract stores the lower-cased target where no provider is known; URL has lower-cased scheme and host.
  return towards(url, path, known?.origin ?? url.origin, known?.provider ?? url.origin);
}

function towards(target: URL, path: string, origin: string, provider: string): CallTarget {
  const region = provider === 'AWS' ? regionOfHost(target.hostname) : undefined;
  return { origin, provider, path, ...(region !== undefined && { region }) };
}

/** Providers whose label accepts a target header (wire contract 1.3). */
const OVERRIDABLE = new Set(['OPENAI', 'ANTHROPIC', 'AZURE']);

/** Those for which `Helicone-OpenAI-Api-Base` is meant; it wins over `Helicone-Target-URL`. */
const TAKES_API_BASE = new Set(['OPENAI', 'AZURE']);

const AI_GATEWAY = {
  feature: 'Routing by model with provider keys that we store',
  instead: 'call a provider route such as /v1/gateway/oai with your own provider key',
};
