import { type KeyDirectory, type KeyRecord, mayReadBodies, mayWrite } from '@throughline/contracts/keys';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import type { CallHeaders } from '../request/call-headers.ts';
import { bearerToken } from './bearer-token.ts';
import { KeyHashes } from './key-hashes.ts';

/** Why a call is nobody's. Each is an error code and a reason for not recording as well. */
export type KeyRefusal = 'no-key' | 'unknown-key' | 'missing-permission';

/** Whose call it is, or why it is proxied without being recorded, or which key has to be looked up later. */
export type Admission =
  | {
      readonly tenantId: string;
      /** `''` where there is none. */
      readonly keyId: string;
      readonly keyValid: boolean;
      /** It may be answered what was recorded. */
      readonly mayReadBodies: boolean;
      readonly refusal?: undefined;
      readonly unreadKey?: undefined;
      readonly unknownKey?: undefined;
    }
  | {
      readonly tenantId?: undefined;
      readonly keyId?: undefined;
      readonly keyValid: false;
      readonly mayReadBodies?: undefined;
      readonly refusal: KeyRefusal;
      readonly unreadKey?: undefined;
      /** Its hash, where the key is unknown. */
      readonly unknownKey?: string;
    }
  /** `unreadKey`: hash of a key that is not known and cannot be looked up at the moment. */
  | {
      readonly tenantId?: undefined;
      readonly keyId?: undefined;
      readonly keyValid: false;
      readonly mayReadBodies?: undefined;
      readonly refusal?: undefined;
      readonly unreadKey: string;
      readonly unknownKey?: undefined;
    };

export interface AdmissionDeps {
  readonly keys: KeyDirectory;
  /** A call without a key belongs to tenant `default`. */
  readonly loopback: boolean;
  /** Calls whose key cannot be looked up are kept until it can; else it is taken for unknown. */
  readonly canPark?: boolean;
}

/**
 * Finds our key in `Helicone-Auth`, else the path, else `Authorization` (also as one of two comma-joined keys), else
 * `x-api-key` or `api-key`, and takes every key of ours out of what goes upstream.
 */
export function createAdmission({ keys, loopback, canPark = false }: AdmissionDeps) {
  const hashes = new KeyHashes();
  const find = (key: string): KeyRecord | undefined => keys.find(hashes.of(key));

  return function admit(headers: CallHeaders, pathKey: string): Admission {
    const given = bearerToken(headers.heliconeAuth) || pathKey;
    const inCredentials = headers.credentialsAt.length === 0 ? '' : takeOurs(headers, given === '', find);
    const key = given || inCredentials;
    if (key === '') {
      return loopback
        ? { tenantId: DEFAULT_TENANT, keyId: '', keyValid: false, mayReadBodies: true }
        : { keyValid: false, refusal: 'no-key' };
    }
    const record = find(key);
    if (!record) {
      return canPark && keys.isStale
        ? { keyValid: false, unreadKey: hashes.of(key) }
        : { keyValid: false, refusal: 'unknown-key', unknownKey: hashes.of(key) };
    }
    if (!mayWrite(record)) {
      return { keyValid: false, refusal: 'missing-permission' };
    }
    return { tenantId: record.tenantId, keyId: record.id, keyValid: true, mayReadBodies: mayReadBodies(record) };
  };
}

/**
 * Removes keys of ours from the credential headers.
 *
 * @param wanted no key was given elsewhere: one that looks like ours is then taken as ours even if it is unknown.
 * @returns of the keys removed the first in `Authorization`, else the first in the other headers; `''` when there was none.
 */
function takeOurs(headers: CallHeaders, wanted: boolean, find: (key: string) => KeyRecord | undefined): string {
  const { upstream, credentialsAt } = headers;
  let taken = '';
  let isBearers = false;
  // From the end, so that removing one header leaves the places of the others.
  for (let i = credentialsAt.length - 1; i >= 0; i--) {
    const at = credentialsAt[i]!;
    const value = upstream[at + 1]!;
    const inAuthorization = upstream[at]!.length === AUTHORIZATION_LENGTH;
    let first = '';
    const parts = value.includes(',') ? value.split(',') : [value];
    const foreign = parts.filter((part) => {
      const token = bearerToken(part);
      if (token === '') return true;
      // A key in our format that nobody knows may belong to another installation behind this one: with a key of
      // ours given elsewhere it is left alone.
      const ours = find(token) !== undefined || (wanted && OUR_FORMAT.test(token));
      if (ours && first === '') first = token;
      return !ours;
    });
    if (foreign.length === parts.length) continue;
    if (inAuthorization || !isBearers) taken = first;
    isBearers ||= inAuthorization;
    if (foreign.length === 0) upstream.splice(at, 2);
    else upstream[at + 1] = foreign.join(',').trim();
  }
  return taken;
}

/** `x-api-key` and `api-key` are shorter: the length tells the three names apart, however they are spelt. */
const AUTHORIZATION_LENGTH = 'authorization'.length;

const OUR_FORMAT = /^[sp]k-helicone-/;
