import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { median } from '../measure/statistics.ts';
import { type Asked, ask } from '../query/ask.ts';
import { openEngineSession } from '../query/engine-session.ts';
import { type IndexCost, measureIndexCosts } from '../query/index-costs.ts';
import { makeData } from '../query/made-data.ts';
import { type BesideHeavy, measureBesideHeavy } from '../query/pages-beside-heavy.ts';
import { measureUnderWrites, type UnderWrites } from '../query/pages-under-writes.ts';
import { startQueryService } from '../query/query-service.ts';
import { listQuestions, otherQuestions } from '../query/questions.ts';
import { type Size, sizeOf, tableSizes } from '../query/size.ts';
import { findSubjects } from '../query/subjects.ts';
import { untilMerged } from '../query/until-merged.ts';
import { number, ratio } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';

/** Above it only the list is asked: what reads all rows of a window would take an hour. */
const ALL_QUESTIONS_MAX = 10_000_000;

/** As the query service has it over a server. */
const TENANT_QUERIES_MAX = 6;

/** Rows that a page reads, at the largest size against the smallest. */
const GROWTH_MAX = 1.1;

/** Time that writes take while pages are read, against nobody reading. */
const SLOWER_MAX = 1.1;

interface Measured {
  readonly size: Size;
  readonly asked: readonly Asked[];
  readonly underWrites: UnderWrites | undefined;
  readonly besideHeavy: readonly BesideHeavy[];
  readonly stored: readonly StoredTable[];
  /** Of the first size alone: it is by row. */
  readonly costs: readonly IndexCost[];
}

interface StoredTable {
  readonly table: string;
  readonly parts: number;
  readonly stored_rows: number;
  readonly bytes: number;
}

export const query: Scenario = {
  name: 'query',
  about:
    'the query API over made-up tables, each answer compared with, and timed against, the same question to the raw rows',
  async run(bench) {
    const all: Measured[] = [];
    for (const requests of tableSizes(bench)) all.push(await measureSize(bench, sizeOf(requests), all.length === 0));
    return {
      columns: [
        '',
        'p50 ms',
        'p99 ms',
        'CPU ms',
        'rows read',
        'MB read',
        'raw rows: ms',
        'CPU ms',
        'rows read',
        'faster by',
        'less CPU by',
      ],
      rows: all.flatMap(({ size, asked }) => asked.map((one) => row(size, one))),
      figures: [...all.flatMap(figuresOf), ...growth(all)],
      notes: [...NOTES, ...all.map(storedNote), ...all[0]!.costs.map(costNote)],
      samples: all,
    };
  },
};

async function measureSize(bench: Bench, size: Size, withCosts: boolean): Promise<Measured> {
  await using dir = await createTempDir('bench-query');
  const embedded = await measureEmbedded(bench, size, dir.path, withCosts);
  if (!isWhole(size)) return embedded;
  bench.progress('pages beside heavy queries, over a server');
  await using server = await startClickHouse({ dir: dir.path });
  const analytics = connectHttpAnalytics({ url: server.url });
  try {
    await using service = await startQueryService(analytics, { tenantQueriesMax: TENANT_QUERIES_MAX });
    const beside = await measureBesideHeavy(bench, service, 'server');
    return { ...embedded, besideHeavy: [...embedded.besideHeavy, beside] };
  } finally {
    await analytics.close();
  }
}

async function measureEmbedded(bench: Bench, size: Size, dir: string, withCosts: boolean): Promise<Measured> {
  const analytics = await openEmbeddedAnalytics({ dir });
  const engine = await openEngineSession(dir);
  try {
    await makeData(engine, size, { bodies: isWhole(size), progress: bench.progress });
    await untilMerged(engine);
    await using service = await startQueryService(analytics);
    const subjects = await findSubjects({ analytics, engine, service }, size, isWhole(size));
    const asked: Asked[] = [];
    for (const question of [...listQuestions(subjects), ...(isWhole(size) ? otherQuestions(subjects) : [])]) {
      bench.progress(`${number(size.requests)} requests: ${question.name}`);
      asked.push(await ask({ service, engine }, question, bench.rounds));
    }
    bench.progress('pages beside heavy queries');
    const besideHeavy = isWhole(size) ? [await measureBesideHeavy(bench, service, 'embedded')] : [];
    bench.progress('pages while rows are written');
    const underWrites = isWhole(size) ? await measureUnderWrites(bench, { analytics, service }) : undefined;
    const stored = await engine.rows<StoredTable>(STORED_SQL);
    bench.progress('what indexes cost at insert');
    const costs = withCosts ? await measureIndexCosts(engine, bench.rounds) : [];
    return { size, asked, besideHeavy, underWrites, stored, costs };
  } finally {
    engine.close();
    await analytics.close();
  }
}

/** Only the list is asked about what is too large for the rest. */
function isWhole({ requests }: Size): boolean {
  return requests <= ALL_QUESTIONS_MAX;
}

const STORED_SQL = `SELECT table, toUInt32(count()) AS parts, toUInt32(sum(rows)) AS stored_rows, toFloat64(sum(bytes_on_disk)) AS bytes
FROM system.parts WHERE active AND database = currentDatabase() AND rows > 10 GROUP BY table ORDER BY table`;

function row(size: Size, one: Asked): string[] {
  return [
    `${millions(size)}: ${one.question.name}`,
    number(one.p50),
    number(one.p99),
    number(one.cpu),
    number(one.read.rows),
    number(one.read.bytes / 1e6),
    number(one.referenceP50),
    number(one.referenceCpu),
    number(one.referenceRead.rows),
    ratio(one.ratio),
    ratio(one.cpuRatio),
  ];
}

function figuresOf({ size, asked, besideHeavy, underWrites }: Measured): Figure[] {
  const figures: Figure[] = [];
  for (const { question, ratio: value, p50 } of asked) {
    const name = `${millions(size)}: ${question.name}`;
    if (question.ratioMin !== undefined || question.p50Max === undefined) {
      figures.push({
        name: `${name}, against the raw rows`,
        value,
        unit: 'x',
        ...(question.ratioMin && { atLeast: question.ratioMin }),
      });
    }
    if (question.p50Max !== undefined)
      figures.push({ name: `${name}, p50`, value: p50, unit: 'ms', atMost: question.p50Max });
  }
  for (const { engine, heavyClients, alone, beside } of besideHeavy) {
    figures.push(
      {
        name: `${millions(size)}, ${engine}: pages of a tenant beside ${heavyClients} clients of another who search all bodies, p99`,
        value: beside.p99,
        unit: 'ms',
      },
      { name: 'the same, p99 alone', value: alone.p99, unit: 'ms' },
      { name: 'the same, p50', value: beside.p50, unit: 'ms' },
      { name: 'the same, p50 alone', value: alone.p50, unit: 'ms' },
      { name: 'the same, heavy queries per second', value: beside.heavyPerSecond, unit: '/s' },
    );
  }
  if (underWrites) {
    const { reading, alone } = underWrites;
    figures.push(
      {
        name: `${millions(size)}: pages by ${underWrites.clients} clients while ${number(underWrites.rowsPerSecond)} rows/s are written, p99`,
        value: reading.pageP99,
        unit: 'ms',
      },
      { name: 'the same, pages per second', value: reading.pagesPerSecond, unit: '/s' },
      { name: 'the same, rows written per second', value: reading.rowsPerSecond, unit: '/s' },
      {
        name: 'the same, time per cycle of writes against nobody reading',
        value: median(reading.cycles) / median(alone.cycles),
        unit: 'x',
        atMost: SLOWER_MAX,
      },
    );
  }
  return figures;
}

function growth(all: readonly Measured[]): Figure[] {
  const [first, ...others] = all;
  const { size, asked } = others.at(-1) ?? first!;
  if (others.length === 0) return [];
  return asked
    .filter(({ question }) => question.isPage)
    .map(({ question, read }) => ({
      name: `rows read, ${question.name}: ${millions(size)} against ${millions(first!.size)}`,
      value: read.rows / first!.asked.find((one) => one.question.name === question.name)!.read.rows,
      unit: 'x',
      atMost: GROWTH_MAX,
    }));
}

function millions({ requests }: Size): string {
  return `${requests / 1e6}M`;
}

function costNote({ table, index, cpuUs, bytes }: IndexCost): string {
  return `index ${index} of ${table}: ${number(cpuUs)} µs of CPU and ${number(bytes)} bytes per row inserted`;
}

function storedNote({ size, stored }: Measured): string {
  const tables = stored.map(
    ({ table, stored_rows: rows, parts, bytes }) =>
      `${table} ${number(rows)} rows in ${parts} parts, ${number(bytes / rows)} bytes each`,
  );
  return `${millions(size)}: ${tables.join('; ')}`;
}

const NOTES = [
  'ours: through HTTP, the product’s query service over the engine in the same process, client included; repeated filters are not remembered',
  'raw rows: grouped as Helicone does, without HTTP; each answer was compared with what the raw rows say before anything was timed',
  'CPU of the whole process, engine included: steadier than time where others use the machine',
];
