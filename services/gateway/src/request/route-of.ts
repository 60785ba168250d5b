/** How a call names its provider. `rest` is path and query for the provider, verbatim, with its leading slash. */
export interface CallRoute {
  /** Lower case; `gateway` is the generic route, whose target is a header. */
  readonly label: string;
  readonly rest: string;
  /** A Helicone key that stood as a segment in the path; `''` when none did. It is not in `rest`. */
  readonly pathKey: string;
}

/** The generic route's label: the target comes from `Helicone-Target-URL`. */
export const GENERIC_LABEL = 'gateway';

/**
 * Reads `/v1/gateway/<label>/<rest>`. Works on the text as received: nothing is decoded or normalised, so `%2f`, `..`
 * and `//` reach the provider as part of the path and never choose the host.
 *
 * @returns undefined when the path is not of this form.
 */
export function routeByPath(url: string): CallRoute | undefined {
  // A key may stand in front of the prefix and within it as well.
  if (!url.startsWith(PREFIX) && !url.includes(KEY_MARK)) return undefined;
  const { path, key } = takeKey(url);
  // Without its key segment a path may have lost its prefix: `/v1/gateway/<key>` alone names no provider.
  if (!path.startsWith(PREFIX) && !url.startsWith(PREFIX)) return undefined;
  const afterPrefix = path.slice(PREFIX.length);
  const end = afterPrefix.search(/[/?]/);
  const label = (end === -1 ? afterPrefix : afterPrefix.slice(0, end)).toLowerCase();
  const rest = end === -1 ? '/' : afterPrefix.slice(end);
  return { label, rest: rest[0] === '/' ? rest : `/${rest}`, pathKey: key };
}

/** Reads the label of a Host such as `oai.example.com`. @returns undefined when the host has one label or is an address. */
export function routeByHost(host: string | undefined, url: string): CallRoute | undefined {
  const label = host === undefined ? undefined : HOST_LABEL.exec(host)?.[1]?.toLowerCase();
  if (label === undefined) return undefined;
  const { path, key } = takeKey(url);
  return { label, rest: path, pathKey: key };
}

const PREFIX = '/v1/gateway/';
/** What both kinds of key, `sk-helicone…` and `pk-helicone…`, have. */
const KEY_MARK = 'k-helicone';
const HOST_LABEL = /^([a-z0-9][a-z0-9-]*)\.[a-z0-9.-]*[a-z][a-z0-9.-]*(?::\d+)?$/i;

/** Takes the segments that begin like a Helicone key out of the path (not the query). */
function takeKey(url: string): { path: string; key: string } {
  if (!url.includes(KEY_MARK)) return { path: url, key: '' };
  const question = url.indexOf('?');
  const path = question === -1 ? url : url.slice(0, question);
  let key = '';
  const kept = path.split('/').filter((segment) => {
    if (!/^[sp]k-helicone/.test(segment)) return true;
    if (key === '') key = segment;
    return false;
  });
  const rest = kept.join('/') || '/';
  return { path: rest + (question === -1 ? '' : url.slice(question)), key };
}
