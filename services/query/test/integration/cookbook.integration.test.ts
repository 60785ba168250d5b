import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { sampleBodyRow, sampleRequestRow } from '@throughline/analytics/sample-rows';
import type { RequestRow } from '@throughline/contracts/request-row';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { checkAnswer } from '../check-answer.ts';
import { type Fixtures, fixturesOf } from '../fixtures.ts';
import { plainKey, type QueryServer, startQueryServer, store } from '../query-server.ts';

const run = promisify(execFile);
const DOCS = join(import.meta.dirname, '..', '..', '..', '..', 'docs');

const HOUR = 3_600_000;
const TAGGED = ['support-2', 'course-1'];
/** No call lies within hours of the ends of a window. */
const began = Date.now();

/** By session: its calls, oldest first. */
const CALLS: Readonly<Record<string, readonly Partial<Call>[]>> = {
  'course-1': [{ hours: 2, user: 'ada', name: 'Course outline', env: 'production', usd: 0.02 }, { hours: 1 }],
  'course-2': [
    { hours: 30, user: 'ada', name: 'Course OUTLINE', env: 'staging', usd: 0.01 },
    { hours: 26, user: 'ada', env: 'production' },
  ],
  'support-1': [
    { hours: 50, user: 'ada', usd: 0.03 },
    { hours: 5, user: 'ada', status: 429 },
  ],
  'support-2': [{ hours: 6, user: 'grace', env: 'production', status: 500, says: 'A Refund was made' }],
  'support-3': [{ hours: 200, user: 'grace', status: -3, says: 'no refund after a week' }],
  'the-outline-run': [1, 2, 3, 4].map((step) => ({ hours: 12 - step, usd: 0.001, env: 'Production' })),
  dear: [{ hours: 3, usd: 0.06, env: 'staging', user: 'Ada' }],
};

interface Call {
  readonly hours: number;
  readonly user: string;
  readonly name: string;
  readonly env: string;
  readonly usd: number;
  readonly status: number;
  readonly says: string;
}

const calls = Object.entries(CALLS).flatMap(([sessionId, steps]) =>
  steps.map((step, i): Call & { sessionId: string; id: string } => ({
    ...{ hours: 1, user: '', name: '', env: '', usd: 0.0001, status: 200, says: 'nothing' },
    ...step,
    sessionId,
    id: `${sessionId}/${i}`,
  })),
);

function rowsOf(tenantId: string, offsetFrom: number): Fixtures {
  const requests: RequestRow[] = [];
  const bodies = [];
  for (const [i, call] of calls.entries()) {
    const at = began - call.hours * HOUR;
    const offset = offsetFrom + i;
    const position = { tenant_id: tenantId, session_id: call.sessionId, request_id: call.id };
    const isError = call.status !== 200;
    const times = { request_at: at, ordered_at: at, received_at: at + 43, response_at: at + 40 };
    requests.push(
      sampleRequestRow(offset, {
        ...position,
        ...times,
        session_name: call.name,
        user_id: call.user,
        properties: call.env === '' ? [] : [['environment', call.env]],
        status: call.status,
        is_error: isError,
        error_type: isError ? 'failed' : '',
        latency_ms: 40,
        cost_pico: BigInt(Math.round(call.usd * 1e12)),
        cost_source: 'table',
      }),
    );
    const { ordered_at, received_at } = times;
    bodies.push(
      sampleBodyRow(offset, {
        ...position,
        ordered_at,
        received_at,
        response_body: Buffer.from(JSON.stringify({ text: call.says })),
      }),
    );
  }
  const fixtures = fixturesOf(requests, bodies);
  const sessions = fixtures.sessions.map((row) =>
    TAGGED.includes(row.session_id) ? { ...row, tag: 'to review' } : row,
  );
  return { ...fixtures, sessions };
}

/** Ids of the sessions of which some call is so. */
const sessionsWith = (is: (call: (typeof calls)[number]) => boolean) =>
  [...new Set(calls.filter(is).map(({ sessionId }) => sessionId))].sort();
const costOf = (sessionId: string) =>
  calls.filter((call) => call.sessionId === sessionId).reduce((sum, { usd }) => sum + usd, 0);
const ids = (answers: Answers) =>
  answers.flatMap(({ data }) => (data as { session_id: string }[]).map(({ session_id: id }) => id));
const sessionsOf = (answers: Answers) => ids(answers).sort();
const everySession = Object.keys(CALLS).sort();

type Answers = readonly { data: unknown }[];

/** By question: what the answers come to, and what that has to be according to the calls above. */
const QUESTIONS: Readonly<Record<string, readonly [(answers: Answers) => unknown, unknown]>> = {
  'What did a user do in the last 24 hours?': [
    sessionsOf,
    sessionsWith(({ user, hours }) => user === 'ada' && hours < 24),
  ],
  'Which sessions had a failed call?': [sessionsOf, sessionsWith(({ status }) => status !== 200)],
  'Which calls failed, newest first?': [
    ([answer]) => (answer!.data as { request_id: string }[]).map(({ request_id: id }) => id),
    calls
      .filter(({ status }) => status !== 200)
      .sort((a, b) => a.hours - b.hours)
      .map(({ id }) => id),
  ],
  'Which sessions have a word in their id or name?': [
    sessionsOf,
    sessionsWith(({ sessionId, name }) => /outline/i.test(sessionId) || /outline/i.test(name)),
  ],
  'Which sessions said a word?': [
    sessionsOf,
    sessionsWith(({ says, hours }) => /refund/i.test(says) && hours < 7 * 24),
  ],
  'What ran in production?': [sessionsOf, sessionsWith(({ env }) => env === 'production')],
  'Which sessions cost most?': [ids, [...everySession].sort((a, b) => costOf(b) - costOf(a)).slice(0, 3)],
  'Which sessions have a tag?': [sessionsOf, [...TAGGED].sort()],
  'Which sessions were long, or dear?': [
    sessionsOf,
    sessionsWith(({ sessionId, usd }) => CALLS[sessionId]!.length >= 4 || usd > 0.05),
  ],
  'How many sessions were there, and what did they cost?': [
    ([answer]) => {
      const { count, total_cost: cost } = answer!.data as { count: number; total_cost: number };
      return [count, cost.toFixed(9)];
    },
    [everySession.length, calls.reduce((sum, { usd }) => sum + usd, 0).toFixed(9)],
  ],
  'How do I export everything, a page at a time?': [
    (answers) => [answers.map(({ data }) => (data as unknown[]).length), sessionsOf(answers)],
    [[3, 3, 1], everySession],
  ],
};

const text = readFileSync(join(DOCS, 'cookbook.md'), 'utf8');
const recipes = text
  .split(/^## /m)
  .slice(1)
  .map((part): [string, string[]] => [
    part.slice(0, part.indexOf('\n')),
    [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command]) => command!),
  ]);

let dir: TempDir;
let analytics: AnalyticsStore;
let server: QueryServer;

beforeAll(async () => {
  dir = await createTempDir('cookbook');
  analytics = await openEmbeddedAnalytics({ dir: dir.path });
  server = await startQueryServer(analytics);
  await store(analytics, rowsOf('acme', 0));
  await store(analytics, rowsOf('rival', 10_000));
});

afterAll(async () => {
  await server.close();
  await analytics.close();
  await dir.remove();
});

describe('the cookbook', () => {
  test('answers the questions below, each with one command', () => {
    expect(recipes.map(([question]) => question)).toEqual(Object.keys(QUESTIONS));
    for (const [, commands] of recipes) expect(commands).toHaveLength(1);
  });

  test.each(recipes)('%s', async (question, [command]) => {
    const env = { PATH: process.env.PATH, THROUGHLINE_URL: server.url, THROUGHLINE_API_KEY: plainKey('acme:r') };
    const { stdout } = await run('sh', ['-c', command!], { env, timeout: 60_000 });
    const answers = stdout
      .split(/\n|(?<=\})(?=\{"data")/)
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { data: unknown });
    const path = /\$THROUGHLINE_URL(\S+)/.exec(command!)![1]!;
    for (const answer of answers) checkAnswer('POST', path, path.startsWith('/v1/request') ? 201 : 200, answer);
    const [read, expected] = QUESTIONS[question]!;
    expect(read(answers)).toEqual(expected);
    expect(expected).not.toEqual([]);
  });
});

test('no question is answered with everything there is, but those that ask for it', () => {
  const selective = Object.values(QUESTIONS).filter(([read]) => read === sessionsOf);
  for (const [, expected] of selective) expect((expected as string[]).length).toBeLessThan(everySession.length);
});
