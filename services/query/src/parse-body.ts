import { ApiError } from '@throughline/contracts/errors';
import { type Filter, parseFilter } from '@throughline/filter-tree/parse-filter';
import type { z } from 'zod';

interface Detail {
  readonly message: string;
  readonly value?: unknown;
}

/** Values echoed in an error, characters: enough to recognise one's own mistake. */
const ECHO_CHARS_MAX = 200;

/**
 * The body of a call, checked and coerced.
 *
 * @throws ApiError `invalid-body` with one readable path per mistake: `requestBody.timeFilter.startTimeUnixMs`.
 */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const details: [string, Detail][] = [];
  for (const issue of result.error.issues) {
    const path = ['requestBody', ...issue.path.map(String)].join('.');
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        details.push([`${path}.${key}`, { message: `"${key}" is an excess property and therefore is not allowed` }]);
      }
      continue;
    }
    const isMissing = issue.input === undefined && issue.path.length > 0;
    const message = isMissing ? `'${String(issue.path.at(-1))}' is required` : issue.message;
    details.push([path, { message, value: echo(issue.input) }]);
  }
  throw invalidBody(details);
}

/** @throws ApiError `invalid-body`, as `parseBody` does. */
export function parseBodyFilter(filter: unknown): Filter {
  const parsed = parseFilter(filter);
  if (parsed.ok) return parsed.filter;
  throw invalidBody(
    parsed.issues.map(({ path, message, value }) => [`requestBody.${path}`, { message, value: echo(value) }]),
  );
}

function invalidBody(details: readonly (readonly [string, Detail])[]): ApiError {
  return new ApiError('invalid-body', {}, { extra: { details: Object.fromEntries(details) } });
}

function echo(value: unknown): unknown {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= ECHO_CHARS_MAX ? value : `${text.slice(0, ECHO_CHARS_MAX)}…`;
}
