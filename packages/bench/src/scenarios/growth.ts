import { EVENTS, WARM_UP_EVENTS } from '../growth/embedded-run.ts';
import { measureLiveSessions, measureRequestsPerSession, measureStoredRequests } from '../growth/embedded-series.ts';
import { GROWTH_COLUMNS, growthFigures, growthRows } from '../growth/growth-series.ts';
import { measurePartitions } from '../growth/partition-series.ts';
import { number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';

export const growth: Scenario = {
  name: 'growth',
  about:
    'what an event costs with more requests stored (--requests), more live sessions, longer sessions, more partitions',
  async run(bench) {
    const series = [
      await measureStoredRequests(bench),
      await measureLiveSessions(bench),
      await measureRequestsPerSession(bench),
      await measurePartitions(bench),
    ];
    return {
      columns: GROWTH_COLUMNS,
      rows: growthRows(series),
      figures: growthFigures(series),
      notes: [
        `all but partitions: one process with the aggregator, the engine and the totals; ${number(EVENTS)} events from its log to rows, totals and snapshots, after ${number(WARM_UP_EVENTS)} of other sessions; each measurement in a new process on a copy of the same folder; every run ended exact, in count and cost`,
        'CPU of the whole process, merges that ran meanwhile included, without taking the partition over; memory: the most since the start, with taking over',
        'taking over: from the first look at the totals until the first event is read, in which the last ten minutes are looked through for what a crash may have taken',
        'list: first page of the last seven days; session: its totals and the tree of its paths, of the one called last; both through HTTP, one after the other, once all is stored',
        ...series.flatMap(({ notes }) => notes),
      ],
      samples: series,
    };
  },
};
