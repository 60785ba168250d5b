import { ApiError } from '@throughline/contracts/errors';
import {
  type ProviderOrigins,
  providerByHost,
  providerByLabel,
  providerByName,
  resolveOrigin,
} from '@throughline/providers/find-provider';
import type { Provider } from '@throughline/providers/provider-table';
import type { RecordedStep } from './recorded-steps.ts';

/** Where a step is sent, and by which of the gateway's routes. */
export interface StepTarget {
  /** As it will be stored: a provider of the table, else the origin. */
  readonly provider: string;
  /** What its key is given under. */
  readonly keyName: string;
  /** Whom keys are known of: undefined for a host that is in no table, which may need none. */
  readonly known: Provider | undefined;
  /** Origin that was asked for: what shows which API it is, and how that takes its key. */
  readonly origin: string;
  /** Origin that the gateway sends it to, as far as that is known here; `''` where only the gateway knows. */
  readonly sentTo: string;
  /** Of the gateway, with everything but the headers. */
  readonly route: string;
  /** `Helicone-Target-URL`; undefined: the gateway's own for the provider. */
  readonly targetHeader: string | undefined;
  /** For the provider, with its query. */
  readonly path: string;
}

export interface TargetOverrides {
  readonly provider?: string | undefined;
  readonly targetUrl?: string | undefined;
}

/** A provider's name or label, and a URL, as they were checked. */
export interface CheckedTarget {
  readonly provider?: Provider;
  readonly url?: URL;
}

/**
 * @throws ApiError `invalid-target` for a URL that is none or holds credentials, `invalid-replay` for a provider that is not
 *   known, and for both of them.
 */
export function checkTarget({ provider, targetUrl }: TargetOverrides): CheckedTarget {
  if (provider !== undefined && targetUrl !== undefined) {
    throw new ApiError('invalid-replay', { reason: 'it names a provider and a targetUrl, which is one too many' });
  }
  if (provider !== undefined) {
    const known = providerByName(provider.toUpperCase()) ?? providerByLabel(provider);
    if (!known || isNameOnly(known)) {
      throw new ApiError('invalid-replay', { reason: `no provider of the name ${shown(provider)} can be called` });
    }
    return { provider: known };
  }
  if (targetUrl === undefined) return {};
  const url = URL.parse(targetUrl);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  // What stands before an at sign may be a password: it is not repeated.
  if (targetUrl.includes('@') || !url || !isWeb || url.hostname === '') {
    throw new ApiError('invalid-target', { value: targetUrl.includes('@') ? '***' : shown(targetUrl) });
  }
  return { url };
}

/**
 * Where a recorded step goes. A key goes to hosts of its provider only: by the label of the provider, whose host is the
 * gateway's to know, or to a host that is seen to be the provider's.
 *
 * @param origins of the gateway, by provider, as far as they are known here. @returns a sentence where it cannot be sent.
 */
export function stepTarget(step: RecordedStep, override: CheckedTarget, origins: ProviderOrigins): StepTarget | string {
  const byUrl = (url: URL, path: string, isGiven: boolean) => urlTarget(url, path, isGiven, origins);
  const byLabel = (provider: Provider, path: string) => labelTarget(provider, path, origins);
  const recorded = /^https?:\/\//i.test(step.targetUrl) ? URL.parse(step.targetUrl) : null;
  if (override.url) {
    const { url } = override;
    const isEndpoint = url.pathname !== '/' || url.search !== '';
    if (!isEndpoint && !recorded) {
      return 'it was logged without a URL: targetUrl has to be the whole URL of an endpoint';
    }
    return byUrl(url, isEndpoint ? url.pathname + url.search : unmasked(step.path), true);
  }
  if (!recorded) return 'it was logged by hand, without a URL to send it to: give a targetUrl';
  const path = unmasked(step.path);
  if (override.provider) return byLabel(override.provider, path);
  const known = providerByName(step.provider);
  if (!known || isNameOnly(known)) return byUrl(recorded, path, false);
  if (isSafe(recorded) && providerByHost(recorded.origin)?.name === known.name) return byUrl(recorded, path, false);
  return byLabel(known, path);
}

/** A provider's own service: neither in clear text, nor another port of its host. */
function isSafe({ protocol, port }: URL): boolean {
  return protocol === 'https:' && port === '';
}

/** @param isGiven the caller names this URL: it was not found in a record, which anybody may write. */
function urlTarget(url: URL, path: string, isGiven: boolean, origins: ProviderOrigins): StepTarget {
  const { origin } = url;
  const found = providerByHost(origin + path);
  const known = found && !isNameOnly(found) && (isGiven || isSafe(url)) ? found : undefined;
  const provider = found?.name ?? origin;
  return {
    provider,
    keyName: known?.name ?? origin,
    known,
    origin,
    sentTo: (found && origins[found.name]) ?? origin,
    route: `/v1/gateway/gateway${path}`,
    targetHeader: origin,
    path,
  };
}

function labelTarget(known: Provider, path: string, origins: ProviderOrigins): StepTarget {
  return {
    provider: known.name,
    keyName: known.name,
    known,
    origin: known.origin ?? '',
    sentTo: resolveOrigin(known, origins) ?? '',
    route: `/v1/gateway/${known.name.toLowerCase()}${path}`,
    targetHeader: undefined,
    path,
  };
}

/** Rows are stored under such names, and nobody is called by them. */
function isNameOnly({ origin, hosts }: Provider): boolean {
  return origin === null && hosts.length === 0;
}

/** Without the parameters whose values were masked: they were credentials, and one is given with the replay. */
function unmasked(path: string): string {
  const question = path.indexOf('?');
  if (question === -1) return path;
  const kept = path
    .slice(question + 1)
    .split('&')
    .filter((pair) => !pair.endsWith('=***'));
  return path.slice(0, question) + (kept.length === 0 ? '' : `?${kept.join('&')}`);
}

const SHOWN_CHARS_MAX = 200;

function shown(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARS_MAX));
}
