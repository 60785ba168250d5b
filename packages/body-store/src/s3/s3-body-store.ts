import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { HOUR_MS, hourOf, requireBodyName } from '../body-names.ts';
import { type BodyStore, BodyStoreError } from '../body-store.ts';
import type { BodyStorePlace } from '../body-store-url.ts';
import { createGate } from '../gate.ts';

export interface S3BodyStoreOptions extends Omit<Extract<BodyStorePlace, { kind: 's3' }>, 'kind'> {
  /** Of one request, ms. 30,000: 16 MiB at half a MiB a second. */
  readonly requestTimeoutMs?: number;
}

/** A server that is there answers a connection in far less. */
const CONNECT_MS_MAX = 3_000;
const REQUEST_MS_MAX = 30_000;
/** What fails is repeated by whoever waits for it, who also counts it. */
const ATTEMPTS_MAX = 2;
/** Requests that delete, at once. */
const DELETES_MAX = 16;
/** What one request may list. */
const KEYS_MAX = 1_000;
const PROBE = 'throughline-probe';

/**
 * Bodies as objects of a bucket, at Amazon or any server with its API. Credentials come from the client's usual
 * environment (`AWS_ACCESS_KEY_ID`, `AWS_PROFILE`, a role …). The bucket is made by others.
 *
 * Needs `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`, and `s3:ListBucket`: without the last one the server does not
 * say that an object is missing.
 */
export function openS3BodyStore(options: S3BodyStoreOptions): BodyStore {
  const { bucket, prefix, endpoint, region, forcePathStyle, requestTimeoutMs = REQUEST_MS_MAX } = options;
  const client = new S3Client({
    // A server of one's own has none, and the signature wants a name.
    ...(region !== undefined
      ? { region }
      : endpoint !== undefined && !process.env.AWS_REGION
        ? { region: 'us-east-1' }
        : {}),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle,
    maxAttempts: ATTEMPTS_MAX,
    // Events carry a checksum that readers compare; servers other than Amazon's refuse what they do not know.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  const Bucket = bucket;
  const within = () => ({ abortSignal: AbortSignal.timeout(ATTEMPTS_MAX * (CONNECT_MS_MAX + requestTimeoutMs)) });
  const put = (key: string, bytes: Uint8Array) =>
    client.send(new PutObjectCommand({ Bucket, Key: key, Body: bytes, ContentLength: bytes.length }), within());

  async function get(key: string, size: number): Promise<Uint8Array | undefined> {
    try {
      const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key: key }), within());
      if (Body === undefined) return undefined;
      if (ContentLength !== undefined && ContentLength !== size) {
        // Not read to its end, and so its connection is of no more use.
        (Body as { destroy?: () => void }).destroy?.();
        return undefined;
      }
      const bytes = await Body.transformToByteArray();
      return bytes.length === size ? bytes : undefined;
    } catch (error) {
      // A bucket that is not there is another matter.
      if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  const gate = createGate(DELETES_MAX);
  // One by one: not every server takes a list of them.
  const remove = (keys: readonly string[]) =>
    Promise.all(keys.map((Key) => gate(() => client.send(new DeleteObjectCommand({ Bucket, Key }), within()))));

  const list = (token: string | undefined) =>
    client.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: prefix,
        MaxKeys: KEYS_MAX,
        ...(token && { ContinuationToken: token }),
      }),
      within(),
    );

  return {
    async put(name, bytes) {
      requireBodyName(name);
      await translated(bucket, () => put(`${prefix}${name}`, bytes));
    },
    async get(name, size) {
      requireBodyName(name);
      return translated(bucket, () => get(`${prefix}${name}`, size));
    },
    deleteBefore: (atMs) =>
      translated(bucket, async () => {
        let deleted = 0;
        // Keys come sorted, and so by age: the first that is too young ends it.
        for (let token: string | undefined; ; ) {
          const page = await list(token);
          const old: string[] = [];
          let isOver = false;
          for (const { Key = '', LastModified } of page.Contents ?? []) {
            const hour = hourOf(Key.slice(prefix.length));
            if (hour === undefined) continue;
            if (hour > atMs - HOUR_MS) {
              isOver = true;
              break;
            }
            if (LastModified !== undefined && LastModified.getTime() < atMs) old.push(Key);
          }
          await remove(old);
          deleted += old.length;
          token = page.NextContinuationToken;
          if (isOver || token === undefined) return deleted;
        }
      }),
    prepare: () =>
      translated(bucket, async () => {
        const bytes = Buffer.from('throughline');
        await put(`${prefix}${PROBE}`, bytes);
        const found = await get(`${prefix}${PROBE}`, bytes.length);
        if (found === undefined)
          throw new BodyStoreError('unavailable', `${bucket} does not give back what it was given`);
        await list(undefined);
        await remove([`${prefix}${PROBE}`]);
      }),
    check: () =>
      translated(bucket, async () => {
        await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 }), within());
      }),
    close: async () => client.destroy(),
  };
}

function codeOf(name: string): 'denied' | 'unavailable' {
  return DENIED.has(name) ? 'denied' : 'unavailable';
}

const DENIED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'CredentialsProviderError',
]);

/** In words of the port. Not the client's error itself: it holds the request, with its signature. */
async function translated<T>(bucket: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BodyStoreError) throw error;
    const { name, message } = error as Error;
    const status = error instanceof S3ServiceException ? ` (HTTP ${error.$metadata.httpStatusCode})` : '';
    throw new BodyStoreError(codeOf(name), `bucket ${bucket}: ${name}: ${message}${status}`);
  }
}
