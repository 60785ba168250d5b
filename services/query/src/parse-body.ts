import { ApiError } from '@throughline/contracts/errors';
import { type Filter, type FilterScope, parseFilter } from '@throughline/filter-tree/parse-filter';
import type { z } from 'zod';

interface Detail {
  readonly message: string;
  readonly value?: unknown;
}

/** Values and names echoed in an error, characters: enough to recognise one's own mistake. */
const ECHO_CHARS_MAX = 200;
/** Mistakes named in one answer. */
const DETAILS_MAX = 50;

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
    const path = ['requestBody', ...issue.path.map((step) => cut(String(step)))].join('.');
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, DETAILS_MAX)) {
        const message = `"${cut(key)}" is an excess property and therefore is not allowed`;
        details.push([`${path}.${cut(key)}`, { message }]);
      }
      continue;
    }
    const isMissing = issue.input === undefined && issue.path.length > 0;
    const message = isMissing ? `'${cut(String(issue.path.at(-1)))}' is required` : issue.message;
    details.push([path, { message, value: echo(issue.input) }]);
  }
  throw invalidBody(details);
}

/**
 * @throws ApiError `invalid-body`, as `parseBody` does; `unsupported-filter` for one that is well formed, but larger than
 *   the bounds or about something that is not stored.
 */
export function parseBodyFilter(filter: unknown, scope: FilterScope = {}): Filter {
  const parsed = parseFilter(filter, 'filter', scope);
  if (parsed.ok) return parsed.filter;
  if (parsed.issues.every(({ code }) => code !== 'invalid')) {
    const { path, message } = parsed.issues[0]!;
    throw new ApiError('unsupported-filter', { reason: `${cut(path)}: ${message}` });
  }
  throw invalidBody(
    parsed.issues.map(({ path, message, value }) => [`requestBody.${path}`, { message, value: echo(value) }]),
  );
}

function invalidBody(details: readonly (readonly [string, Detail])[]): ApiError {
  const named = Object.fromEntries(details.slice(0, DETAILS_MAX));
  return new ApiError('invalid-body', {}, { extra: { details: named } });
}

function cut(text: string): string {
  return text.length <= ECHO_CHARS_MAX ? text : `${text.slice(0, ECHO_CHARS_MAX)}…`;
}

function echo(value: unknown): unknown {
  if (value === undefined) return undefined;
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    // Nested deeper than can be written: it could be parsed, but not be put into the answer.
    return '…';
  }
  return text.length <= ECHO_CHARS_MAX ? value : cut(text);
}
