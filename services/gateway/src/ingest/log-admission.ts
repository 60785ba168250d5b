import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '@throughline/contracts/errors';
import { type KeyDirectory, mayWrite } from '@throughline/contracts/keys';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import { bearerToken, isBearer } from '../keys/bearer-token.ts';
import { KeyHashes } from '../keys/key-hashes.ts';
import type { IngestForm } from './ingest-endpoint.ts';

/** Whose calls are logged, or why they are nobody's. */
export type LogAdmission =
  | { readonly tenantId: string; readonly unreadKey?: undefined; readonly refusal?: undefined }
  /** `unreadKey`: hash of a key that is not known and cannot be looked up at the moment. */
  | { readonly tenantId?: undefined; readonly unreadKey: string; readonly refusal?: undefined }
  | { readonly tenantId?: undefined; readonly unreadKey?: undefined; readonly refusal: ApiError };

export interface LogAdmissionDeps {
  readonly keys: KeyDirectory;
  /** Spans without a key belong to tenant `default`: exporters are set up for a collector that asks for none. */
  readonly loopback: boolean;
  /** What is logged under a key that cannot be looked up is kept until it can; else the key is taken for unknown. */
  readonly canPark: boolean;
}

/** Finds our key: `Helicone-Auth` before `Authorization` before `x-api-key` before `api-key` (wire contract 3.3, 8.2). */
export function createLogAdmission({ keys, loopback, canPark }: LogAdmissionDeps) {
  const hashes = new KeyHashes();

  return async function admitLog(headers: IncomingHttpHeaders, form: IngestForm): Promise<LogAdmission> {
    const bearer = text(headers['helicone-auth']) || text(headers.authorization);
    const given = bearer || text(headers['x-api-key']) || text(headers['api-key']);
    if (given === '') {
      if (form === 'otlp' && loopback) return { tenantId: DEFAULT_TENANT };
      return { refusal: new ApiError(form === 'worker' ? 'unauthorized' : 'no-key') };
    }
    if (form === 'worker' && bearer !== '' && !isBearer(bearer)) {
      return { refusal: new ApiError('key-without-bearer') };
    }
    // Two keys in one header: the provider's, and ours.
    const tokens = given.split(',').map(bearerToken);
    const ours = tokens.find((token) => OUR_FORMAT.test(token));
    const find = () => {
      for (const token of tokens) {
        const record = keys.find(hashes.of(token));
        if (record) return record;
      }
      return undefined;
    };
    let record = find();
    if (!record && ours !== undefined) {
      await keys.lookFor?.(hashes.of(ours));
      record = find();
    }
    if (record) {
      return mayWrite(record)
        ? { tenantId: record.tenantId }
        : { refusal: new ApiError('missing-permission', { permission: 'w' }) };
    }
    if (canPark && keys.isStale) return { unreadKey: hashes.of(ours ?? tokens[0]!) };
    if (form === 'worker' && ours === undefined) return { refusal: new ApiError('key-not-well-formed') };
    return { refusal: new ApiError('unknown-key') };
  };
}

/** Wire contract 8.1; keys of a vault end with a UUID. */
const OUR_FORMAT =
  /^[sp]k-(?:helicone-)?(?:eu-)?(?:cp-|rl-)?(?:proxy-)?[a-z0-9]{7}(?:-[a-z0-9]{7}){3}(?:-[0-9a-f-]{36})?$/;

function text(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header.join(',') : (header ?? '')).trim();
}
