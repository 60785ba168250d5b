import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a body store is, as `BODY_STORE_URL` says it. */
export type BodyStorePlace =
  | { readonly kind: 'files'; readonly folder: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** `''`, or ending with a slash. */
      readonly prefix: string;
      /** Origin of the server; undefined: Amazon's own for the region. */
      readonly endpoint: string | undefined;
      /** undefined: as the client finds it in its environment. */
      readonly region: string | undefined;
      /** The bucket is in the path, not in the host name. */
      readonly forcePathStyle: boolean;
    };

/**
 * Reads a path, `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true`.
 *
 * @throws Error whose message completes "BODY_STORE_URL …" and holds nothing secret.
 */
export function parseBodyStoreUrl(text: string): BodyStorePlace {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: 'files', folder: resolve(text) };
  const url = URL.parse(text);
  if (url === null) throw new Error('is not a URL');
  if (url.username !== '' || url.password !== '') {
    throw new Error('must not hold credentials: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  }
  if (url.hash !== '') throw new Error('has a part behind #, which means nothing');
  if (scheme === 'file') {
    if (url.host !== '' || url.search !== '') throw new Error('names no folder, such as file:///shared/bodies');
    return { kind: 'files', folder: fileURLToPath(url) };
  }
  if (scheme !== 's3') throw new Error('is neither a folder, file:///folder nor s3://bucket/prefix');
  const unknown = [...url.searchParams.keys()].find((name) => !S3_PARAMETERS.has(name));
  if (unknown !== undefined)
    throw new Error(`has the parameter ${unknown}: endpoint, region and forcePathStyle are known`);
  if (!BUCKET.test(url.host)) throw new Error('names no bucket, such as s3://bucket/prefix');
  const path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !isOrigin(endpoint))
    throw new Error('has an endpoint that is no origin, such as https://s3.example.com');
  const forcePathStyle = url.searchParams.get('forcePathStyle') ?? 'false';
  if (forcePathStyle !== 'true' && forcePathStyle !== 'false')
    throw new Error('has a forcePathStyle that is not true or false');
  return {
    kind: 's3',
    bucket: url.host,
    prefix: path === '' ? '' : `${path}/`,
    endpoint,
    region: url.searchParams.get('region') ?? undefined,
    forcePathStyle: forcePathStyle === 'true',
  };
}

const S3_PARAMETERS: ReadonlySet<string> = new Set(['endpoint', 'region', 'forcePathStyle']);
const BUCKET = /^[a-z0-9][a-z0-9._-]{1,254}$/i;

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '');
}
