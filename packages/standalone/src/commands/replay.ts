import type { DiffAnswer } from '@throughline/contracts/api/session-diff';
import type { ReplayBody, ReplayPlan, ReplayState, ReplayStepEvent } from '@throughline/contracts/api/session-replay';
import { type ApiConnection, CONNECTION_OPTIONS, connectToApi, readOptions } from '../api-connection.ts';
import { describeDiff } from '../describe-diff.ts';
import { describePlan, describeReplayEnd, describeReplayStep } from '../describe-replay.ts';
import { failureOf, parseFailIf } from '../fail-if.ts';
import { readServerEvents } from '../server-events.ts';
import { shownSession } from '../shown-session.ts';
import { StartError } from '../start-error.ts';
import { UsageError } from '../usage-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

const OPTIONS = {
  ...CONNECTION_OPTIONS,
  model: { type: 'string' },
  provider: { type: 'string' },
  'target-url': { type: 'string' },
  'provider-key-env': { type: 'string', multiple: true },
  temperature: { type: 'string' },
  'system-prompt': { type: 'string' },
  body: { type: 'string' },
  path: { type: 'string', multiple: true },
  from: { type: 'string' },
  times: { type: 'string' },
  'max-cost': { type: 'string' },
  'session-id': { type: 'string' },
  thread: { type: 'boolean' },
  'no-tool-time': { type: 'boolean' },
  'stop-on-error': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  against: { type: 'string' },
  'fail-if': { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>['values'];

/**
 * `throughline replay <session> …`: sends a session once more, tells of each step as it ends, then in what the new session
 * differs from another one. Whoever interrupts it cancels the replay.
 *
 * @returns 1 where the replay did not complete, or a `--fail-if` holds.
 */
export async function runReplay(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS);
  const [session, ...others] = positionals;
  if (session === undefined || others.length > 0) throw new UsageError('it takes the id of one session');
  const checks = (values['fail-if'] ?? []).map(parseFailIf);
  const body = bodyOf(values, env);
  const api = connectToApi(values, env);
  const path = `/v1/session/${encodeURIComponent(session)}/replay`;
  if (body.dryRun) {
    const { data } = (await (await ask(api, path, body)).json()) as { data: ReplayPlan };
    process.stdout.write(values.json ? `${JSON.stringify(data, null, 2)}\n` : describePlan(data));
    return data.problems.length > 0 ? 1 : 0;
  }
  const end = await follow(await ask(api, path, body));
  const against = values.against ?? (checks.length > 0 ? session : undefined);
  const diffs: DiffAnswer['data'][] = [];
  if (against !== undefined) {
    for (const [id, requests] of end.requests) {
      // What was recorded in the last moment may not show yet.
      await shownSession(api, id, requests);
      const asked = `/v1/session/${encodeURIComponent(against)}/diff/${encodeURIComponent(id)}?text=false&limit=1`;
      const { data } = (await (await api.ask(asked)).json()) as DiffAnswer;
      diffs.push({ ...data, steps: [] });
    }
  }
  const failures = diffs.flatMap(({ summary: { a, b } }) =>
    checks.map((check) => failureOf(check, b.figures, a.figures)).filter((failure) => failure !== undefined),
  );
  const isNothingChecked = checks.length > 0 && diffs.length === 0;
  if (values.json) {
    const summaries = diffs.map(({ summary }) => summary);
    process.stdout.write(`${JSON.stringify({ ...end.state, diffs: summaries, failures }, null, 2)}\n`);
  } else {
    process.stdout.write(describeReplayEnd(end.state));
    for (const diff of diffs) process.stdout.write(`\n${describeDiff(diff, false, false)}`);
    for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
  }
  return end.state.status === 'completed' && failures.length === 0 && !isNothingChecked ? 0 : 1;
}

function ask(api: ApiConnection, path: string, body: ReplayBody): Promise<Response> {
  return api.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: body.dryRun ? 'application/json' : 'text/event-stream' },
    body: JSON.stringify(body),
  });
}

interface Followed {
  readonly state: ReplayState;
  /** How many requests were recorded in each new session that has any. */
  readonly requests: ReadonlyMap<string, number>;
}

/** Tells of each step on stderr, until the last one. */
async function follow(answer: Response): Promise<Followed> {
  const requests = new Map<string, number>();
  let steps = 0;
  let done = 0;
  for await (const { name, data } of readServerEvents(answer)) {
    if (name === 'started') steps = (data as ReplayState).steps;
    if (name === 'step') {
      const step = data as ReplayStepEvent;
      done++;
      process.stderr.write(describeReplayStep(step, done, steps));
      if (step.request_id !== null) requests.set(step.session_id, (requests.get(step.session_id) ?? 0) + 1);
    }
    if (name === 'finished') return { state: data as ReplayState, requests };
  }
  throw new StartError('the connection ended before the replay did, which is cancelled');
}

function bodyOf(values: Values, env: Env): ReplayBody {
  const {
    model,
    provider,
    'target-url': targetUrl,
    temperature,
    'system-prompt': systemPrompt,
    body,
    path: paths,
    from,
    'session-id': sessionId,
  } = values;
  const overrides = without({
    model,
    provider,
    targetUrl,
    temperature: number('--temperature', temperature),
    systemPrompt,
    body: body === undefined ? undefined : objectOf(body),
  });
  return without({
    sessionId,
    overrides: Object.keys(overrides).length > 0 ? overrides : undefined,
    paths: paths?.map(pathOf),
    fromStep: from === undefined ? undefined : /^\d+$/.test(from) ? Number(from) : from,
    times: number('--times', values.times),
    maxCostUsd: number('--max-cost', values['max-cost']),
    thread: values.thread,
    toolPacing: values['no-tool-time'] ? 'none' : undefined,
    stopOnError: values['stop-on-error'],
    dryRun: values['dry-run'],
    cancelOnClose: true,
    ...keysOf(values['provider-key-env'] ?? [], env),
  });
}

/** `NAME` holds the one key, `PROVIDER=NAME` one of several. */
function keysOf(given: readonly string[], env: Env): Pick<ReplayBody, 'providerKey' | 'providerKeys'> {
  let providerKey: string | undefined;
  const named: [string, string][] = [];
  for (const text of given) {
    const at = text.lastIndexOf('=');
    const variable = text.slice(at + 1);
    const key = env[variable];
    if (!key) throw new UsageError(`the environment has no ${variable}`);
    if (at === -1) providerKey = key;
    else named.push([text.slice(0, at), key]);
  }
  return without({ providerKey, providerKeys: named.length > 0 ? Object.fromEntries(named) : undefined });
}

/** `/plan/*`: `/plan` and what is below it. */
function pathOf(text: string): NonNullable<ReplayBody['paths']>[number] {
  return text.endsWith('/*') ? { path: text.slice(0, -2), match: 'prefix' } : text;
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${name} takes a number`);
  return value;
}

function objectOf(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError('--body takes a JSON object');
  }
  return value as Record<string, unknown>;
}

/** The API takes what is there, and no empty places. */
function without<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
