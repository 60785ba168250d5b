import type { BundleBody, BundleRequest } from '@throughline/contracts/session-bundle';
import { asText } from '@throughline/providers/decode-body';

/**
 * What is said of a request that cannot be, although each of its fields can: where no instance would have recorded it so.
 * Undefined: nothing.
 *
 * What instances record of others' clocks and names is as it is told, and taken so: an end before the start, which counts
 * as a latency of 0, and any text for a path, a provider or a method.
 *
 * @returns what follows "line 2 " in a sentence.
 */
export function requestFlaw(request: BundleRequest): string | undefined {
  const { status, error } = request;
  if (error === null && (status < 200 || status > 399)) {
    return `has status ${status}, which is an error, and says of none`;
  }
  if ((request.request.encoding === 'deleted') !== (request.response.encoding === 'deleted')) {
    return 'says of one body that it was deleted: bodies are deleted together';
  }
  return bodyFlaw('request', request.request) ?? bodyFlaw('response', request.response);
}

function bodyFlaw(side: 'request' | 'response', { encoding, text, base64 }: BundleBody): string | undefined {
  if (EMPTY.has(encoding) && (text ?? base64) !== '') return `has bytes of a ${side} that it calls ${encoding}`;
  // One that was cut may end within a character.
  if (encoding === 'utf8' && base64 !== undefined && asText(Buffer.from(base64, 'base64'), true) === undefined) {
    return `has a ${side} that it calls UTF-8, and is none`;
  }
  return undefined;
}

/** Nothing is stored of bodies that were lost or deleted. */
const EMPTY: ReadonlySet<string> = new Set(['missing', 'deleted']);
