import type { KeyRecord } from '@throughline/contracts/keys';
import type { Response } from 'express';
import type { LiveHub, LiveListener, LiveSessionFigures } from './live-hub.ts';

export interface LiveStreamOptions {
  readonly hub: LiveHub;
  readonly key: KeyRecord;
  /** Ids, each once. */
  readonly sessions: readonly string[];
  /** Up to when lists reflect what was recorded, ISO 8601. */
  readonly asOf: () => string;
}

export interface LiveStream {
  /** Writes events until the caller has gone or the stream is ended. */
  run(res: Response, signal: AbortSignal): Promise<void>;
}

/** Between two lots of events of one stream: nobody reads faster. */
const EVENTS_EVERY_MS = 250;
/** Below the 60 s after which common proxies drop silent connections. */
const PING_EVERY_MS = 15_000;
/** Of a caller who does not read: nothing is kept for it meanwhile, and then it is cut off. */
const SILENT_MS_MAX = 30_000;
/** After which browsers, and pages that do as they do, come back. */
const RETRY_MS = 2_000;

/**
 * One caller's server-sent events. What changes while it does not read, or faster than it is told, is told once.
 *
 * @throws ApiError `too-many-streams`
 */
export function openLiveStream({ hub, key, sessions, asOf }: LiveStreamOptions): LiveStream {
  let res: Response | undefined;
  let isEnded = false;
  let hasChanged = false;
  let isBegun = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  let wroteAt = performance.now();
  const told = new Map<string, LiveSessionFigures>();
  const due = new Map<string, LiveSessionFigures>();

  const listener: LiveListener = {
    key,
    sessions,
    changed: () => {
      hasChanged = true;
    },
    sessionChanged: (id, figures, isSure) => {
      if (isSure || !isSame(told.get(id), figures)) due.set(id, figures);
    },
    tick() {
      if (!res || isEnded) return;
      const now = performance.now();
      if (res.writableNeedDrain) {
        if (now - wroteAt > SILENT_MS_MAX) res.destroy();
        return;
      }
      const text = now - sentAt >= EVENTS_EVERY_MS ? events() : '';
      if (text !== '') sentAt = now;
      const isQuiet = text === '' && now - wroteAt >= PING_EVERY_MS;
      if (text === '' && !isQuiet) return;
      wroteAt = now;
      res.write(isQuiet ? ': ping\n\n' : text);
    },
    end() {
      if (isEnded) return;
      isEnded = true;
      leave();
      // What is not read is not waited for.
      if (res?.writableNeedDrain) res.destroy();
      else res?.end();
    },
  };

  function events(): string {
    const figures = hub.figures(key.tenantId);
    // Nothing before the first figures are there, which then come with the sessions.
    if (!figures || !(hasChanged || isBegun)) return '';
    let text = hasChanged ? event('changed', { as_of: asOf(), ...figures }) : '';
    hasChanged = false;
    isBegun = true;
    for (const [id, session] of due) {
      told.set(id, session);
      text += event('session', { session_id: id, ...session });
    }
    due.clear();
    return text;
  }

  const leave = hub.listen(listener);

  return {
    async run(opened, signal) {
      res = opened;
      res.write(`retry: ${RETRY_MS}\n\n`);
      listener.tick();
      if (isEnded) res.end();
      if (!signal.aborted) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      }
      listener.end();
    },
  };
}

/** JSON has no line breaks of its own, so one line holds it. */
function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function isSame(a: LiveSessionFigures | undefined, b: LiveSessionFigures): boolean {
  return a?.state === b.state && a.requests === b.requests && a.applied === b.applied;
}
