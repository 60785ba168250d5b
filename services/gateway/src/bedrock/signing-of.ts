import type { CallHeaders } from '../request/call-headers.ts';
import type { AwsCredentials } from './sign-call.ts';

/** With what a call is signed, and for which region. */
export interface CallSigning {
  readonly credentials: AwsCredentials;
  readonly region: string;
}

/**
 * The credentials in a call's headers and the region of its target, where both came; a call without them goes as it is,
 * e.g. with a bearer key.
 */
export function signingOf(
  { awsAccessKey, awsSecretKey, awsSessionToken }: CallHeaders,
  region: string | undefined,
): CallSigning | undefined {
  if (region === undefined || awsAccessKey === '' || awsSecretKey === '') return undefined;
  const credentials = {
    accessKeyId: awsAccessKey,
    secretAccessKey: awsSecretKey,
    ...(awsSessionToken !== '' && { sessionToken: awsSessionToken }),
  };
  return { credentials, region };
}
