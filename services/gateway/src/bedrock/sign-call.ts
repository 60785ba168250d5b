import type { HttpRequest } from '@smithy/types';

/** Of the caller, for this call alone: never kept. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface UnsignedCall {
  readonly origin: string;
  readonly method: string;
  /** With its query, as it will be sent. */
  readonly path: string;
  /** Names and values, alternating. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | null;
}

/**
 * Signs a call for the host that it goes to (AWS Signature Version 4): a client's own signature is for the host that it
 * knows, which is ours, and is dropped.
 *
 * @returns the headers to send, alternating, those of the signature last.
 */
export async function signCall(call: UnsignedCall, credentials: AwsCredentials, region: string): Promise<string[]> {
  // Loaded with the first call that has to be signed.
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@smithy/core/checksum'),
  ]);
  const headers: string[] = [];
  for (let i = 0; i < call.headers.length; i += 2) {
    if (!SIGNATURE.has(call.headers[i]!.toLowerCase())) headers.push(call.headers[i]!, call.headers[i + 1]!);
  }
  const { hostname, host, protocol } = new URL(call.origin);
  const queryAt = call.path.indexOf('?');
  const path = queryAt < 0 ? call.path : call.path.slice(0, queryAt);
  const request: HttpRequest = {
    method: call.method,
    protocol,
    hostname,
    path,
    query: queryOf(queryAt < 0 ? '' : call.path.slice(queryAt + 1)),
    // What is signed must arrive as it was: the host, and nothing that a proxy on the way may touch.
    headers: { host },
    body: call.body ?? undefined,
  };
  const signer = new SignatureV4({ credentials, region, service: 'bedrock', sha256: Sha256 });
  const signed = await signer.sign(request);
  for (const [name, value] of Object.entries(signed.headers)) if (name !== 'host') headers.push(name, value);
  return headers;
}

/** What a signature consists of, of the client's own and of ours. */
const SIGNATURE: ReadonlySet<string> = new Set([
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

function queryOf(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  const params = new URLSearchParams(text);
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return query;
}
