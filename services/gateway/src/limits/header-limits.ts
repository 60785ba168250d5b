import { ApiError } from '@throughline/contracts/errors';

export interface HeaderLimits {
  /** Headers of a call. */
  readonly headersMax: number;
  /** Of those, properties. */
  readonly propertiesMax: number;
}

/**
 * Node bounds the header block's size, and drops what is beyond a number of headers without a word; so the number is
 * bounded here.
 *
 * @param rawHeaders names and values, alternating.
 * @throws ApiError `too-many-headers`
 */
export function checkHeaderCount(rawHeaders: readonly string[], { headersMax }: HeaderLimits): void {
  const count = rawHeaders.length / 2;
  if (count > headersMax) throw new ApiError('too-many-headers', { count, what: 'headers', max: headersMax });
}

/** @throws ApiError `too-many-headers` */
export function checkPropertyCount(properties: readonly unknown[], { propertiesMax }: HeaderLimits): void {
  const count = properties.length;
  if (count > propertiesMax) throw new ApiError('too-many-headers', { count, what: 'properties', max: propertiesMax });
}
