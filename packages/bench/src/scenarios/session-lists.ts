import { waitFor } from '@throughline/testkit/wait-for';
import { type RunningSpanStore, spanStores } from '../contestants/span-stores.ts';
import { startContestants } from '../contestants/start-contestants.ts';
import { fillStore } from '../lists/fill-stores.ts';
import { openCaller } from '../lists/http-caller.ts';
import { type Caller, type HttpCall, type ListApi, type ListWindow, windowAround } from '../lists/list-api.ts';
import { checkAnswer, type ListQuestion } from '../lists/list-question.ts';
import { listQuestions } from '../lists/list-questions.ts';
import { ourLists } from '../lists/our-lists.ts';
import { phoenixLists } from '../lists/phoenix-lists.ts';
import { interleave } from '../measure/interleave.ts';
import { measureUse } from '../measure/server-use.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { timeCalls } from '../measure/time-calls.ts';
import { number, ratio } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';
import { type PlannedSession, planSessions } from '../traffic/planned-sessions.ts';
import { sessionExports } from '../traffic/session-spans.ts';

const SESSIONS = 10_000;
/** With fewer, questions have no answer. */
const SESSIONS_MIN = 500;
/** Of the time of one measurement: ten minutes at four seconds. */
const FILL_MS_PER_SECOND = 150_000;
const TURN_MS_PER_SECOND = 250;
const CALLS_MAX = 500;
const SETTLE_MS_MAX = 180_000;
const OURS = 'throughline';

const APIS: Readonly<Record<string, (call: Caller, window: ListWindow) => ListApi>> = {
  [OURS]: ourLists,
  phoenix: (call, window) => phoenixLists(call, 'default', window),
};

interface ListSample {
  /** Of a question, ms. */
  readonly p50: number;
  /** CPU time of all processes of the server per question, ms. */
  readonly cpu: number;
}

interface Asked {
  readonly question: ListQuestion;
  /** By contestant; none where it is not offered. */
  readonly samples: Readonly<Record<string, readonly ListSample[]>>;
}

export const sessionLists: Scenario = {
  name: 'session-lists',
  about: `list of ${number(SESSIONS)} sessions, its pages, orders and filters, and the page of one session: us, Phoenix`,
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const contestants = spanStores(bench).filter(({ name }) => name in APIS);
    const { running, notes } = await startContestants(bench, contestants, '', stack);
    const { sessions, seconds } = await fill(bench, running);
    const window = windowAround(sessions);
    const open = Object.entries(running).map(([name, store]) => {
      const { call } = stack.adopt(openCaller(new URL(store.url).origin, store.headers), (one) => one.close());
      return { name, pid: store.pid, call, api: APIS[name]!(call, window) };
    });
    const questions = listQuestions(sessions);
    await Promise.all(open.map((one) => settled(one, questions, sessions)));
    const asked: Asked[] = [];
    for (const question of questions) {
      bench.progress(question.name);
      asked.push({ question, samples: await ask(bench, open, question, sessions) });
    }
    const shown = contestants.map(({ name }) => name);
    const spans = sessions.reduce((sum, session) => sum + session.spans, 0);
    return {
      columns: [
        `${number(sessions.length)} sessions, ${number(spans)} spans`,
        ...contestants.flatMap(({ name, title }) => [
          `${title}: p50 ms`,
          'CPU ms',
          ...(name === OURS ? [] : ['p50 of ours', 'CPU of ours']),
        ]),
      ],
      rows: asked.map(({ question, samples }) => [
        question.name,
        ...shown.flatMap((name) => cells(name, samples, running[name] !== undefined)),
      ]),
      figures: asked.flatMap(({ question, samples }) => figures(question, samples, sessions.length)),
      notes: [
        'every answer was compared with what was sent before it was timed: which sessions, in which order, their tokens and costs',
        'pages of 50; through HTTP, one connection, unparsed; CPU is that of the server’s processes alone; windows differ from call to call by a millisecond, so that no answer is one that was remembered',
        ...Object.entries(seconds).map(
          ([name, taken]) => `${name} had the spans in ${number(taken)} s, a few exports at a time`,
        ),
        ...(sessions.length < SESSIONS
          ? [
              `the time for filling was over at ${number(sessions.length)} of ${number(SESSIONS)} sessions: both hold these`,
            ]
          : []),
        ...(bench.peers ? PEER_NOTES : []),
        ...contestants.flatMap(({ title, absent }) => (absent === undefined ? [] : [`${title} is absent: ${absent}`])),
        ...notes,
      ],
      samples: asked,
    };
  },
};

const PEER_NOTES = [
  'Phoenix: by the GraphQL of its own pages, without annotations; its conditions have no model of a span, so it is asked for the span’s name, which holds it; it looks for the word in what the first run of a session was asked, we in all bodies',
];

/** Fills the others first, as far as the time allows, and us with the same. */
async function fill(bench: Bench, running: Readonly<Record<string, RunningSpanStore>>) {
  let exports = sessionExports(planSessions(SESSIONS, Date.now()));
  const seconds: Record<string, number> = {};
  const others = Object.keys(running).filter((name) => name !== OURS);
  for (const name of [...others, OURS]) {
    bench.progress(`${name} is filled`);
    const start = performance.now();
    const had = await fillStore(running[name]!, exports, bench.seconds * FILL_MS_PER_SECOND);
    if (name === OURS && had < exports.length) throw new Error('the time was over before we had all of the spans');
    exports = exports.slice(0, had);
    seconds[name] = (performance.now() - start) / 1_000;
  }
  const sessions = exports.flatMap((one) => one.sessions);
  if (sessions.length < SESSIONS_MIN) throw new Error(`${sessions.length} sessions in the time that there was`);
  return { sessions, seconds };
}

interface OpenStore {
  readonly name: string;
  readonly pid: number;
  readonly call: Caller;
  readonly api: ListApi;
}

/** Waits until it counts all sessions and what they cost: costs and snapshots come behind the spans. */
async function settled(
  { name, call, api }: OpenStore,
  questions: readonly ListQuestion[],
  sessions: readonly PlannedSession[],
): Promise<void> {
  const count = questions.find(({ kind }) => kind === 'count')!;
  const { calls, read } = (await api.prepare(count))!;
  let time = 0;
  await waitFor(
    async () => {
      checkAnswer(count, read(await callAll(call, calls(time++))), sessions);
      return true;
    },
    { timeoutMs: SETTLE_MS_MAX, intervalMs: 500, what: `all sessions and costs of ${name}` },
  );
}

async function ask(
  bench: Bench,
  open: readonly OpenStore[],
  question: ListQuestion,
  sessions: readonly PlannedSession[],
): Promise<Record<string, ListSample[]>> {
  const measures: Record<string, () => Promise<ListSample>> = {};
  for (const { name, pid, call, api } of open) {
    const prepared = await api.prepare(question);
    if (!prepared) continue;
    let time = 0;
    const answer = () => callAll(call, prepared.calls(time++));
    checkAnswer(question, prepared.read(await answer()), sessions);
    measures[name] = () => measure(bench, pid, answer);
  }
  return interleave(bench.rounds, measures);
}

async function callAll(call: Caller, calls: readonly HttpCall[]): Promise<string[]> {
  const answers: string[] = [];
  for (const one of calls) answers.push(await call(one));
  return answers;
}

async function measure(bench: Bench, pid: number, work: () => Promise<unknown>): Promise<ListSample> {
  const forMs = bench.seconds * TURN_MS_PER_SECOND;
  const { result, cpuUs } = await measureUse([pid], () => timeCalls(work, { forMs, callsMax: CALLS_MAX }));
  return { p50: median(result), cpu: cpuUs / 1_000 / result.length };
}

function cells(name: string, samples: Asked['samples'], isRunning: boolean): string[] {
  const own = samples[name];
  if (!own) return [isRunning ? 'not offered' : 'absent', '', ...(name === OURS ? [] : ['', ''])];
  const of = (given: readonly ListSample[], what: keyof ListSample) => given.map((sample) => sample[what]);
  const ours = samples[OURS]!;
  return [
    number(median(of(own, 'p50'))),
    number(median(of(own, 'cpu'))),
    ...(name === OURS
      ? []
      : [ratio(medianRatio(of(own, 'p50'), of(ours, 'p50'))), ratio(medianRatio(of(own, 'cpu'), of(ours, 'cpu')))]),
  ];
}

/** Ours, and of the other where it was asked the same. */
function figures(question: ListQuestion, samples: Asked['samples'], count: number): Figure[] {
  const p50s = (name: string) => samples[name]!.map(({ p50 }) => p50);
  const name = `${number(count)} sessions: ${question.name}, p50`;
  return [
    { name, value: median(p50s(OURS)), unit: 'ms' },
    ...(samples.phoenix
      ? [
          {
            name: `${name} of Phoenix against ours`,
            value: medianRatio(p50s('phoenix'), p50s(OURS)),
            unit: 'x',
            atLeast: 1,
          },
        ]
      : []),
  ];
}
