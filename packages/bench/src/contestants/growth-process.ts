/**
 * The session-aggregator as the product runs it in one process, on a folder that may hold something already: puts calls
 * into the log and works them off, as often as it is told, and asks the query API what there is. Its clock stands a little
 * before the end of made-up data, and goes on with the calls.
 */
import { join } from 'node:path';
import { readMemory } from '../measure/process-memory.ts';
import { median } from '../measure/statistics.ts';
import { timeCalls } from '../measure/time-calls.ts';
import { argument, onParentGone, onParentMessage, tellParent } from '../processes/parent.ts';
import { newestPage } from '../query/newest-page.ts';
import { startQueryService } from '../query/query-service.ts';
import type { ApiCall } from '../query/questions.ts';
import { DOMINANT } from '../query/request-rows-sql.ts';
import { DAY_MS } from '../query/size.ts';
import { openEmbeddedAggregator } from './embedded-aggregator.ts';
import type { CallsJob, CallsWorkedOff, GrowthJob, Looked, LookJob } from './growth-run.ts';
import { appendAll } from './prepare-log.ts';
import { CALLS_FROM, CALLS_MAX, createCallMaker, RECEIVED_AFTER_MS } from './spread-calls.ts';
import { readStored } from './stored-figures.ts';

const WARM_UP = { forMs: 2_000, callsMax: 5 };
const MEASURED = { forMs: 2_000, callsMax: 40 };

const dir = argument('dir');
let now = CALLS_FROM;
const aggregator = await openEmbeddedAggregator({ dir, log: join(dir, 'log'), now: () => now });
const { log, appender } = aggregator;
/** What is below it was seeded. */
const firstOffset = log.low;

async function workOff({ calls, from, events }: CallsJob): Promise<CallsWorkedOff> {
  const begin = CALLS_FROM + log.end - firstOffset;
  if (begin + events > CALLS_FROM + CALLS_MAX) throw new Error(`there is no time for more than ${CALLS_MAX} calls`);
  const callAt = createCallMaker(calls);
  await appendAll(appender, events, (i) => {
    now = begin + i + RECEIVED_AFTER_MS;
    return callAt(from + i, begin + i);
  });
  const worked = await aggregator.workOff();
  return { ...worked, peakRssMib: readMemory(process.pid).peak };
}

async function look({ sessionId }: LookJob): Promise<Looked> {
  const { analytics, totals } = aggregator;
  await using service = await startQueryService(analytics, {}, { totals });
  const timed = async (call: ApiCall) => {
    const ask = () => service.call(call);
    await timeCalls(ask, WARM_UP);
    const times = await timeCalls(ask, MEASURED);
    return { ms: median(times), data: JSON.parse(await ask()).data };
  };
  const list = await timed({ path: '/v1/session/query', body: JSON.parse(newestPage(7)) });
  const session = await timed({ path: `/v1/session/${sessionId}` });
  return {
    listMs: list.ms,
    sessionMs: session.ms,
    listed: list.data.length,
    sessionRequests: session.data.total_requests,
    // Seeded sessions began earlier.
    stored: await readStored(aggregator, { tenant: DOMINANT, offset: firstOffset, sinceMs: CALLS_FROM - DAY_MS }),
  };
}

onParentMessage<GrowthJob>(async (job) => tellParent(job.kind === 'calls' ? await workOff(job) : await look(job)));
onParentGone(() => aggregator.close());
tellParent({ ready: true });
