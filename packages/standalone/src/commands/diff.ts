import type { DiffAnswer } from '@throughline/contracts/api/session-diff';
import { CONNECTION_OPTIONS, connectToApi, readOptions } from '../api-connection.ts';
import { describeDiff } from '../describe-diff.ts';
import { UsageError } from '../usage-error.ts';

const OPTIONS = {
  ...CONNECTION_OPTIONS,
  json: { type: 'boolean' },
  text: { type: 'boolean' },
  path: { type: 'string' },
  limit: { type: 'string' },
} as const;

const LIMIT_DEFAULT = 50;
/** Longest page of the API. */
const PAGE_MAX = 1000;

/**
 * `throughline diff <a> <b> [--text] [--json] [--path <path>] [--limit <n>]`: what changed from one session to another, in
 * its figures and step by step.
 */
export async function runDiff(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  const [a, b, ...others] = positionals;
  if (a === undefined || b === undefined || others.length > 0) throw new UsageError('it takes the ids of two sessions');
  const limit = values.limit === undefined ? LIMIT_DEFAULT : Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a whole number from 1');
  const api = connectToApi(values, env);
  const asked = new URLSearchParams({ changed: 'true', text: String(values.text === true) });
  if (values.path !== undefined) asked.set('path', values.path);
  let found: DiffAnswer | undefined;
  do {
    asked.set('limit', String(Math.min(PAGE_MAX, limit - (found?.data.steps.length ?? 0))));
    const path = `/v1/session/${encodeURIComponent(a)}/diff/${encodeURIComponent(b)}?${asked}`;
    const page = (await (await api.ask(path)).json()) as DiffAnswer;
    found = found ? { ...page, data: { ...page.data, steps: [...found.data.steps, ...page.data.steps] } } : page;
    asked.set('cursor', page.next_cursor ?? '');
  } while (found.next_cursor !== null && found.data.steps.length < limit);
  const isColoured = process.stdout.isTTY === true && (env.NO_COLOR ?? '') === '';
  process.stdout.write(
    values.json
      ? `${JSON.stringify(found.data, null, 2)}\n`
      : describeDiff(found.data, isColoured, found.next_cursor !== null),
  );
  return 0;
}
