import {
  type ProviderOrigins,
  providerByHost,
  providerByLabel,
  resolveOrigin,
} from '@throughline/providers/find-provider';

/** A provider as the gateway needs it. */
export interface ProviderRoute {
  /** As stored with the call, e.g. `OPENAI`. */
  readonly provider: string;
  /** Where its calls go: the operator's origin or its public one; undefined where the caller must name it (Azure). */
  readonly origin: string | undefined;
  /** What its paths begin with; `''` for any. */
  readonly pathPrefix: string;
  /** Neither a public origin nor hosts: a name that rows are stored under, which need not be a place to call. */
  readonly isNameOnly: boolean;
}

/** Who is being called: the table of providers, with the operator's origins applied. */
export interface ProviderDirectory {
  /** By the label of a base URL: `oai` in `/v1/gateway/oai/…` or `oai.example.com`. */
  forLabel(label: string): ProviderRoute | undefined;
  /** By the target that a caller names; `origin` is the operator's for that provider, else the target's own. */
  forTarget(target: URL, path: string): { readonly provider: string; readonly origin: string } | undefined;
  /** Origins that the operator has set: reachable whatever their address. */
  readonly trustedOrigins: ReadonlySet<string>;
}

/** @param origins `PROVIDER_<NAME>_URL` by NAME: each replaces every host of that provider. */
export function createProviderDirectory(origins: ProviderOrigins): ProviderDirectory {
  const byLabel = new Map<string, ProviderRoute>();
  return {
    trustedOrigins: new Set(Object.values(origins)),
    forLabel: (label) => {
      const known = byLabel.get(label);
      if (known) return known;
      const provider = providerByLabel(label);
      if (!provider) return undefined;
      const route = {
        provider: provider.name,
        origin: resolveOrigin(provider, origins),
        pathPrefix: provider.pathPrefix,
        isNameOnly: provider.origin === null && provider.hosts.length === 0,
      };
      byLabel.set(label, route);
      return route;
    },
    forTarget: ({ origin }, path) => {
      const provider = providerByHost(origin + path);
      return provider && { provider: provider.name, origin: origins[provider.name] ?? origin };
    },
  };
}
