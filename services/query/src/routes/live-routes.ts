import { LIVE_SESSIONS_MAX, liveAnswer, liveParameters } from '@throughline/contracts/api/live';
import { ApiError } from '@throughline/contracts/errors';
import { createLiveHub, type LiveHub } from '../live/live-hub.ts';
import { openLiveStream } from '../live/live-stream.ts';
import type { QueryDeps } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';

/** What changes, as it changes. */
export function liveRoutes(deps: QueryDeps): Route[] {
  let hub: LiveHub | undefined;
  const open = () => {
    if (hub) return hub;
    const opened = createLiveHub(deps);
    hub = opened;
    deps.metrics.gauge('live_streams', 'Streams of live updates that are open', [], (gauge) => gauge.set(opened.size));
    return opened;
  };
  return [
    {
      method: 'get',
      path: '/v1/live',
      access: 'read',
      doc: {
        summary: 'Server-sent events: what was recorded has changed, and so have the sessions that are named',
        body: null,
        query: liveParameters,
        answer: liveAnswer,
        contentType: 'text/event-stream',
        errors: ['too-many-streams', 'too-many-values'],
      },
      handle: async ({ key, req }) => {
        const sessions = readSessions(req.query.session);
        const headers = {
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-store',
          // Proxies that hold answers back until they are whole.
          'X-Accel-Buffering': 'no',
          // Nothing keeps a stopping process once it has ended.
          Connection: 'close',
        };
        if (req.method === 'HEAD') return { headers, from: 'snapshots', stream: async (res) => void res.end() };
        const asOf = () => timestamp(deps.freshness.snapshotsAsOf());
        const stream = openLiveStream({ hub: open(), key, sessions, asOf });
        return { headers, from: 'snapshots', stream: (res, signal) => stream.run(res, signal) };
      },
    },
  ];
}

function readSessions(given: unknown): string[] {
  const ids = (Array.isArray(given) ? given : [given]).filter((id): id is string => typeof id === 'string');
  const distinct = [...new Set(ids.map((id) => id.toWellFormed()))];
  if (distinct.length > LIVE_SESSIONS_MAX) {
    throw new ApiError('too-many-values', { max: LIVE_SESSIONS_MAX, what: 'sessions' });
  }
  return distinct;
}
