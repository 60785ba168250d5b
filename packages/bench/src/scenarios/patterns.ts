import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { type Asked, ask } from '../query/ask.ts';
import { openEngineSession } from '../query/engine-session.ts';
import { makeData } from '../query/made-data.ts';
import { patternQuestions } from '../query/pattern-questions.ts';
import { startQueryService } from '../query/query-service.ts';
import { sizeOf, tableSizes } from '../query/size.ts';
import { lastDays } from '../query/window.ts';
import { number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';

interface Measured {
  readonly requests: number;
  readonly sessions: number;
  readonly asked: readonly Asked[];
  readonly columns: readonly { readonly column: string; readonly bytes: number }[];
}

export const patterns: Scenario = {
  name: 'patterns',
  about: 'flow, funnel, paths and contrast over all sessions of a tenant, against the same from the raw rows',
  async run(bench) {
    const all: Measured[] = [];
    for (const requests of tableSizes(bench)) all.push(await measure(bench, requests));
    const name = ({ sessions }: Measured, { question }: Asked) => `${number(sessions)} sessions: ${question.name}`;
    return {
      columns: ['', 'p50 ms', 'p99 ms', 'CPU ms', 'rows read', 'MB read', 'raw rows: ms', 'CPU ms', 'faster by'],
      rows: all.flatMap((measured) =>
        measured.asked.map((one) => [
          name(measured, one),
          number(one.p50),
          number(one.p99),
          number(one.cpu),
          number(one.read.rows),
          number(one.read.bytes / 1e6),
          number(one.referenceP50),
          number(one.referenceCpu),
          ratio(one.ratio),
        ]),
      ),
      figures: all.flatMap((measured) =>
        measured.asked.map((one) => ({
          name: `${name(measured, one)}, p50`,
          value: one.p50,
          unit: 'ms',
          ...(one.question.p50Max !== undefined && { atMost: one.question.p50Max }),
        })),
      ),
      notes: [
        'ours: through HTTP, the query service over the engine in the same process; raw rows: one query of the engine, without HTTP',
        ...all.map(
          ({ columns }) =>
            `bytes per session: ${columns.map(({ column, bytes }) => `${column} ${number(bytes)}`).join(', ')}`,
        ),
      ],
      samples: all,
    };
  },
};

const DAYS = 90;

async function measure(bench: Bench, requests: number): Promise<Measured> {
  await using dir = await createTempDir('bench-patterns');
  const analytics = await openEmbeddedAnalytics({ dir: dir.path });
  const engine = await openEngineSession(dir.path);
  try {
    await makeData(engine, sizeOf(requests), { bodies: false, progress: bench.progress });
    await using service = await startQueryService(analytics);
    const asked: Asked[] = [];
    for (const question of patternQuestions(lastDays(DAYS + 1))) {
      bench.progress(question.name);
      asked.push(await ask({ service, engine }, question, bench.rounds));
    }
    const { answer } = await service.watch(patternQuestions(lastDays(DAYS + 1))[1]!.call);
    return { requests, sessions: answer.data.sessions, asked, columns: await engine.rows(COLUMNS_SQL) };
  } finally {
    engine.close();
    await analytics.close();
  }
}

const COLUMNS_SQL = `SELECT column, round(sum(column_data_compressed_bytes) / sum(rows), 1) AS bytes FROM system.parts_columns
WHERE active AND table = 'sessions' AND column IN ('steps', 'paths', 'state', 'listed') GROUP BY column ORDER BY column`;
